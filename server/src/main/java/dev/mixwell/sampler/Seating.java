package dev.mixwell.sampler;

import org.jspecify.annotations.Nullable;

/**
 * Gives seats to groups one by one, keeping each group's account. Confined to one composition.
 *
 * <p>Apportioned seats follow R. Tijdeman, "The chairman assignment problem", Discrete Mathematics
 * 32 (1980): with D_i = asked - given, a group is eligible once D_i >= 1/(2m-2), and of the
 * eligible the one with the earliest deadline (1 - 1/(2m-2) - D_i) / q_i is seated, ties by group
 * order. For fixed weights the error stays below 1 - 1/(2m-2) seats. For moving weights it is what
 * it is; the carry keeps the account.
 */
final class Seating {
  private final double[] shares;
  private final boolean[] masked;
  private final long[] carry;
  private final @Nullable Draws draws;
  private long[] weights;
  private int open;

  /**
   * @param carry [m] changed in place
   * @param draws null for apportioned seats
   */
  Seating(double[] shares, boolean[] masked, long[] carry, @Nullable Draws draws) {
    this.shares = shares;
    this.masked = masked;
    this.carry = carry;
    this.draws = draws;
    this.weights = new long[shares.length];
    reweigh();
  }

  /** Whether no group is left to seat. */
  boolean isOver() {
    return open == 0;
  }

  /** Takes a group out for the remaining seats. */
  void mask(int group) {
    masked[group] = true;
    reweigh();
  }

  /** The group of the next seat; {@code seat} numbers the draws. */
  int next(long seat) {
    return draws == null ? nextApportioned() : nextDrawn(draws.bits(seat) >>> 12);
  }

  private int nextApportioned() {
    int m = weights.length;
    if (m == 1) return 0;
    long threshold = Math.ceilDiv(SeatWeights.ONE, 2L * m - 2);
    int best = -1;
    double bestDeadline = 0;
    for (int i = 0; i < m; i++) {
      carry[i] += weights[i];
      if (weights[i] == 0 || carry[i] < threshold) continue;
      double deadline = (double) (SeatWeights.ONE - threshold - carry[i]) / weights[i];
      if (best < 0 || deadline < bestDeadline) {
        best = i;
        bestDeadline = deadline;
      }
    }
    carry[best] -=
        SeatWeights
            .ONE; // one is always eligible: the carries sum to ONE here, and m thresholds to no
    // more
    return best;
  }

  private int nextDrawn(long draw) {
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == 0) continue;
      last = i;
      draw -= weights[i];
      if (draw < 0) return i;
    }
    return last;
  }

  private void reweigh() {
    open = 0;
    for (int i = 0; i < shares.length; i++) if (!masked[i] && shares[i] > 0) open++;
    if (open == 0) return;
    weights = SeatWeights.of(shares, masked);
    spreadCarry();
  }

  /**
   * A group that asks for nothing is owed nothing: its account goes to the others in equal parts,
   * in group order.
   */
  private void spreadCarry() {
    long owed = 0;
    int live = 0;
    for (int i = 0; i < carry.length; i++) {
      if (weights[i] > 0) {
        live++;
        continue;
      }
      owed += carry[i];
      carry[i] = 0;
    }
    if (owed == 0) return;
    long share = Math.floorDiv(owed, live);
    long extra = Math.floorMod(owed, live);
    for (int i = 0, n = 0; i < carry.length; i++)
      if (weights[i] > 0) carry[i] += share + (n++ < extra ? 1 : 0);
  }
}
