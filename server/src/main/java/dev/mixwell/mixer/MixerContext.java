package dev.mixwell.mixer;

import dev.mixwell.api.RunSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What a mixer may know of its run. Immutable.
 *
 * @param seed of the run, for schedules that shuffle
 * @param groups names in order
 * @param groupTokens [m] tokens of each group's training rows, for {@code temperature}
 * @param batchRows of one step, over all ranks (B)
 * @param rowTokens inputs of a row (T)
 * @param validationRows held-out rows of each group
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; nobody compares it
public record MixerContext(
    long seed,
    List<String> groups,
    long[] groupTokens,
    int batchRows,
    int rowTokens,
    int validationRows) {
  public MixerContext {
    groups = List.copyOf(groups);
    groupTokens = groupTokens.clone();
  }

  /** A copy. */
  @Override
  public long[] groupTokens() {
    return groupTokens.clone();
  }

  /**
   * @param groupTokens [m] in the order of the run's groups
   */
  public static MixerContext of(RunSpec spec, long[] groupTokens) {
    var names = new ArrayList<String>();
    for (RunSpec.Group group : spec.groups()) names.add(group.name());
    return new MixerContext(
        spec.seed(), names, groupTokens, spec.batchRows(), spec.rowTokens(), spec.validationRows());
  }

  /** Tokens predicted in one step, over all ranks. */
  public long stepTokens() {
    return (long) batchRows * rowTokens;
  }

  public int size() {
    return groups.size();
  }
}
