package dev.mixwell.experiment.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a result of one arm depends on, but its seed: results under other conditions are never
 * compared.
 *
 * @param reference the arm that trains its reference model
 */
public record Conditions(
    String corpus,
    List<RunSpec.Group> groups,
    ExperimentSpec.Model model,
    int batchRows,
    int steps,
    double learningRate,
    int warmupSteps,
    int validationRows,
    int testRows,
    double validationShare,
    int evaluateEvery,
    int lookahead,
    Arm arm,
    @Nullable Arm reference) {

  public static Conditions of(ExperimentSpec spec, Arm arm) {
    return new Conditions(
        spec.corpus(),
        spec.mixedGroups(),
        spec.model(),
        spec.batchRows(),
        spec.steps(),
        spec.learningRate(),
        spec.warmupSteps(),
        spec.validationRows(),
        spec.testRows(),
        spec.validationShare(),
        spec.evaluateEvery(),
        spec.lookahead(),
        arm,
        arm.reference() == null ? null : spec.arm(arm.reference()));
  }

  /** The first member that differs, with both values; null if none does. */
  @Nullable String difference(Conditions other) {
    JsonNode mine = Json.toTree(this);
    JsonNode theirs = Json.tree(Json.writeBytes(other));
    for (var member : Json.tree(Json.writeBytes(this)).properties())
      if (!member.getValue().equals(theirs.path(member.getKey())))
        return "`%s` is %s there and %s now"
            .formatted(member.getKey(), theirs.path(member.getKey()), mine.path(member.getKey()));
    return other.reference != null && reference == null ? "`reference` is not there now" : null;
  }
}
