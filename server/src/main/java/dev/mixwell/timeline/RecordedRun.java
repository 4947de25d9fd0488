package dev.mixwell.timeline;

import dev.mixwell.api.RunSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a run as it was when the run was created, with the defaults of that day.
 * Nothing is checked here: what was good enough then is read for ever. What the members mean is
 * said in {@link RunSpec}, which asks for a run.
 *
 * @param packing {@code concat} in the logs from before it could be chosen, which do not name it
 */
public record RecordedRun(
    long seed,
    List<Group> groups,
    int batchRows,
    int rowTokens,
    int unitRows,
    RunSpec.Composition composition,
    RecordedMixer mixer,
    int lookahead,
    int issueAhead,
    Exhausted exhausted,
    RunSpec.Reporters reporters,
    Closing closing,
    int validationRows,
    double validationShare,
    int evaluateEvery,
    Limits limits,
    RunSpec.Packing packing) {

  public record Group(String name, String query) {}

  public record Exhausted(RunSpec.Exhausted.Policy policy, @Nullable Integer epochs) {}

  public record Closing(RunSpec.Closing.Policy policy, @Nullable Long afterMillis) {}

  public record Limits(double floor, double maxChange) {}

  public RecordedRun {
    groups = List.copyOf(groups);
    packing = packing == null ? RunSpec.Packing.CONCAT : packing;
  }
}
