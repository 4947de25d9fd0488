package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Proportions;
import org.jspecify.annotations.Nullable;

/** What the mixer in force says for a step, if it is decided. */
public sealed interface Proposal {
  /**
   * @param p proportions
   * @param successor what a mixer that continues from here starts with: p, but in a probe the p in
   *     force before the round
   * @param lossWeights [m], or null
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out; nobody compares it
  record Proposed(Proportions p, Proportions successor, double @Nullable [] lossWeights)
      implements Proposal {
    public Proposed {
      lossWeights = lossWeights == null ? null : lossWeights.clone();
    }

    /** A copy. */
    @Override
    public double @Nullable [] lossWeights() {
      return lossWeights == null ? null : lossWeights.clone();
    }
  }

  record Waits(FeedbackKind kind, long step) implements Proposal {}

  /** The mixer would have to decide, and is {@link Installation#isHeld held}. */
  record Held(Installation by) implements Proposal {}
}
