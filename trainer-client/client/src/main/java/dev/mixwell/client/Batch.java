package dev.mixwell.client;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.base.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rank's share of a step.
 *
 * @param groupNames of the run, in its order
 * @param mixer the id of the mixer that sampled the step
 * @param awaits the feedback that this mixer goes by: for a kind of the step's own, the step does
 *     not close without it; null for none
 * @param lossWeights by index of the group; null where losses are not weighed
 * @param evaluateAfter whether validation losses are due once this step is trained
 */
public record Batch(
    int attempt,
    long step,
    int rank,
    List<String> groupNames,
    String mixer,
    @Nullable FeedbackKind awaits,
    @Nullable List<Double> lossWeights,
    boolean evaluateAfter,
    Rows rows) {

  /**
   * @param body whole; not written to from here on
   * @throws IllegalArgumentException if it is not a batch, or its groups have no names
   */
  static Batch parse(byte[] body, boolean evaluateAfter) {
    Rows rows = Rows.parse(body);
    Map<String, String> facts = rows.metadata();
    List<String> names = List.of(Json.read(fact(facts, "groups"), String[].class));
    String weights = facts.get("lossWeights");
    List<Double> lossWeights =
        weights == null ? null : Arrays.stream(Json.read(weights, double[].class)).boxed().toList();
    for (int row = 0; row < rows.count(); row++)
      if (rows.group(row) >= names.size())
        throw new IllegalArgumentException("row " + row + " has no group among " + names);
    if (lossWeights != null && lossWeights.size() != names.size())
      throw new IllegalArgumentException(
          lossWeights.size() + " loss weights for " + names.size() + " groups");
    int attempt = Integer.parseInt(fact(facts, "attempt"));
    long step = Long.parseLong(fact(facts, "step"));
    int rank = Integer.parseInt(fact(facts, "rank"));
    String mixer = fact(facts, "mixer");
    FeedbackKind awaits = awaits(facts.get("awaits"), mixer);
    return new Batch(attempt, step, rank, names, mixer, awaits, lossWeights, evaluateAfter, rows);
  }

  private static @Nullable FeedbackKind awaits(@Nullable String label, String mixer) {
    if (label == null) return null;
    for (FeedbackKind kind : FeedbackKind.values()) if (kind.label().equals(label)) return kind;
    throw new IllegalArgumentException(
        "mixer `"
            + mixer
            + "` awaits `"
            + label
            + "`, which this client does not know: use a newer one");
  }

  private static String fact(Map<String, String> facts, String name) {
    String fact = facts.get(name);
    if (fact == null)
      throw new IllegalArgumentException(
          "the body's metadata has no `" + name + "`: " + facts.keySet());
    return fact;
  }
}
