package dev.mixwell.group;

import dev.mixwell.base.SplitMix64;

/**
 * The order of one group's rows: for every epoch a permutation of [0, rows) that is computed, not
 * stored. Any position costs the same and no epoch has to be finished, or even started, before
 * another is asked about. Immutable.
 *
 * <p>The construction is the generalised Feistel network of J. Black and P. Rogaway, "Ciphers with
 * Arbitrary Finite Domains" (CT-RSA 2002, method 3): with a = ceil(sqrt(rows)) and b = ceil(rows /
 * a), an index is a pair (left, right) of Z_a x Z_b. Each of {@value #ROUNDS} rounds adds a keyed
 * function of one half to the other, alternating halves, which is invertible whatever the function
 * is. The network permutes [0, ab); a result outside [0, rows) is sent through again until it falls
 * inside ("cycle walking"), which keeps the map a bijection. As ab - rows < a, fewer than one
 * result in sqrt(rows) needs that.
 *
 * <p>The round function is {@link SplitMix64#mix}, reduced to the modulus by a high multiplication.
 * It is a statistical mixer, not a cipher: the order is fair, not secret.
 *
 * <p><b>Stability.</b> (seed, group, rows, epoch, index) gives the same row in every version of
 * this class, on every machine: runs on disk depend on it. Only 64-bit integer arithmetic is used.
 * Another construction is another class.
 */
public final class RowOrder {
  /** The largest number of rows of a group: 2^48. */
  public static final long MAX_ROWS = 1L << 48;

  private static final int ROUNDS = 8;
  private final long rows;
  private final long lefts;
  private final long rights;
  private final long streamKey;

  /**
   * @param seed the run's
   * @param group the group's index in the run
   * @param rows 1 to 2^48
   */
  public RowOrder(long seed, int group, long rows) {
    if (rows < 1 || rows > MAX_ROWS)
      throw new IllegalArgumentException("rows must be 1 to 2^48: " + rows);
    this.rows = rows;
    this.lefts = ceilSqrt(rows);
    this.rights = (rows + lefts - 1) / lefts;
    this.streamKey = SplitMix64.mix(SplitMix64.mix(seed + SplitMix64.INCREMENT) + group);
  }

  public long rows() {
    return rows;
  }

  /**
   * The row at an index of an epoch.
   *
   * @param index 0 to rows - 1
   */
  public long row(long epoch, long index) {
    if (index < 0 || index >= rows)
      throw new IndexOutOfBoundsException("index " + index + " of " + rows + " rows");
    long key = SplitMix64.mix(streamKey + SplitMix64.INCREMENT + epoch);
    long row = index;
    do row = permute(key, row);
    while (row >= rows);
    return row;
  }

  /** A bijection of [0, lefts x rights). */
  private long permute(long key, long index) {
    long left = index / rights;
    long right = index - left * rights;
    for (int round = 0; round < ROUNDS; round += 2) {
      left = addModulo(left, key, round, right, lefts);
      right = addModulo(right, key, round + 1, left, rights);
    }
    return left * rights + right;
  }

  private static long addModulo(long half, long key, int round, long other, long modulus) {
    long hash = SplitMix64.mix((key + round * SplitMix64.INCREMENT) ^ other);
    long sum =
        half + Math.unsignedMultiplyHigh(hash, modulus); // both below the modulus, at most 2^24
    return sum < modulus ? sum : sum - modulus;
  }

  private static long ceilSqrt(long n) {
    long root = (long) StrictMath.sqrt(n); // exact below 2^53, then rounded down
    return root * root < n ? root + 1 : root;
  }
}
