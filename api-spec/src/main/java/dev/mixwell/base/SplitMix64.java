package dev.mixwell.base;

/**
 * The mixing function of SplitMix64: a bijection of 64 bits whose every output bit depends on every
 * input bit. G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA
 * 2014); the constants are D. Stafford's variant 13. It is a statistical mixer, not a cipher.
 *
 * <p>What it returns decides the bytes that runs serve and the documents that they hold out: it
 * never changes. Another function is another class.
 */
public final class SplitMix64 {
  /** 2^64 / golden ratio: what the generator adds to its state before each draw. */
  public static final long INCREMENT = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /**
   * The n-th draw (from 1) of the generator that was seeded with s is {@code mix(s + n *
   * INCREMENT)}.
   */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
