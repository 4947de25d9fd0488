package dev.mixwell.mixer.rules;

import dev.mixwell.mixer.MixerState;

/**
 * The mean of the proportions decided so far, in a state as {@code average} [m] and {@code count}.
 * It is what DoReMi (arXiv 2305.10429) and DoGE (arXiv 2310.15393) hand over to the training of the
 * large model.
 */
final class RunningMean {
  private RunningMean() {}

  /**
   * @param p what the mean is while nothing was decided
   * @param count 1 if p itself is a sample, else 0
   */
  static MixerState start(MixerState state, double[] p, int count) {
    return state.with("average", p).with("count", count);
  }

  /** The state with one more sample. */
  static MixerState add(MixerState state, double[] p) {
    double[] average = state.vector("average");
    double count = state.scalar("count") + 1;
    for (int i = 0; i < p.length; i++) average[i] += (p[i] - average[i]) / count;
    return state.with("average", average).with("count", count);
  }
}
