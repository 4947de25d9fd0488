package dev.mixwell.mixer;

/**
 * What a mixer may know of its run.
 *
 * @param seed of the run, for schedules that shuffle
 * @param groups names in order
 * @param groupTokens [m] tokens of each group's training rows, for {@code temperature}
 * @param batchRows of one step, over all ranks (B)
 * @param rowTokens inputs of a row (T)
 * @param validationRows held-out rows of each group
 */
public record MixerContext(
    long seed,
    java.util.List<String> groups,
    long[] groupTokens,
    int batchRows,
    int rowTokens,
    int validationRows) {
  /** Tokens predicted in one step, over all ranks. */
  public long stepTokens() {
    return (long) batchRows * rowTokens;
  }

  public int size() {
    return groups.size();
  }
}
