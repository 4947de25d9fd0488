package dev.mixwell.sampler;

/**
 * Counter-based draws: the n-th draw of a key is computed, not reached. The mixing function is the
 * 64-bit finaliser with the constants of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; variant 13
 * of Stafford), applied to key + n * golden ratio.
 *
 * <p>What it returns decides bytes: it never changes.
 */
public final class Draws {
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private final long key;

  /** The draws of one purpose at one step. */
  public Draws(long seed, long purpose, long step) {
    this.key = mix(mix(mix(seed) + purpose * GOLDEN_RATIO) + step * GOLDEN_RATIO);
  }

  /** 64 uniform bits. */
  public long bits(long n) {
    return mix(key + (n + 1) * GOLDEN_RATIO);
  }

  /** Uniform over [0, bound), bound > 0, with a bias below bound / 2^64. */
  public long below(long n, long bound) {
    return Math.unsignedMultiplyHigh(bits(n), bound);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
