package dev.mixwell.sampler;

import dev.mixwell.base.SplitMix64;

/**
 * Counter-based draws: the n-th draw of a key is computed, not reached. It is the n-th, counted
 * from 0, that {@link SplitMix64} draws from the key.
 *
 * <p>What it returns decides bytes: it never changes.
 */
public final class Draws {
  private final long key;

  /** The draws of one purpose at one step. */
  public Draws(long seed, long purpose, long step) {
    this.key =
        SplitMix64.mix(
            SplitMix64.mix(SplitMix64.mix(seed) + purpose * SplitMix64.INCREMENT)
                + step * SplitMix64.INCREMENT);
  }

  /** 64 uniform bits. */
  public long bits(long n) {
    return SplitMix64.mix(key + (n + 1) * SplitMix64.INCREMENT);
  }

  /** Uniform over [0, bound), bound > 0, with a bias below bound / 2^64. */
  public long below(long n, long bound) {
    return Math.unsignedMultiplyHigh(bits(n), bound);
  }
}
