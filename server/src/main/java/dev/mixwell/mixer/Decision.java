package dev.mixwell.mixer;

import org.jspecify.annotations.Nullable;

/**
 * What a mixer answers: its state after the feedback, and what it wants served. Immutable.
 *
 * @param p proportions, before floor, pins, clamps and masks
 * @param lossWeights by group, where the mixer weighs losses instead of resampling (DoReMi); else
 *     null
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; nobody compares it
public record Decision(MixerState state, Proportions p, double @Nullable [] lossWeights) {
  public Decision {
    lossWeights = lossWeights == null ? null : lossWeights.clone();
  }

  public Decision(MixerState state, Proportions p) {
    this(state, p, null);
  }

  /** A copy. */
  @Override
  public double @Nullable [] lossWeights() {
    return lossWeights == null ? null : lossWeights.clone();
  }
}
