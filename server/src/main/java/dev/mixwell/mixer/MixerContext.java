package dev.mixwell.mixer;

/**
 * What a mixer may know of its run.
 *
 * @param seed of the run, for schedules that shuffle
 * @param groups names in order
 * @param groupTokens [m] tokens of each group's training rows, for {@code temperature}
 * @param stepTokens of one step, over all ranks: B x T
 */
public record MixerContext(
    long seed, java.util.List<String> groups, long[] groupTokens, long stepTokens) {
  public int size() {
    return groups.size();
  }
}
