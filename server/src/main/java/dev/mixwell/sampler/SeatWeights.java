package dev.mixwell.sampler;

/**
 * Proportions as integers that sum to {@link #ONE} exactly. A share below half of 1/ONE becomes 0
 * and is treated as masked. Quantising moves a share by less than m / ONE: less than one seat in
 * 10^12 for the largest m.
 */
final class SeatWeights {
  /**
   * One seat: 2^52, so that a weight, a carry and their quotient's operands are exact in a double.
   */
  static final long ONE = 1L << 52;

  private SeatWeights() {}

  /**
   * @param shares [m] not negative, finite, not all 0; masked ones are left out and the rest scaled
   *     up to 1
   * @param masked [m]
   */
  static long[] of(double[] shares, boolean[] masked) {
    double sum = 0;
    for (int i = 0; i < shares.length; i++) if (!masked[i]) sum += shares[i];
    long[] weights = new long[shares.length];
    long rest = ONE;
    int largest = -1;
    for (int i = 0; i < shares.length; i++) {
      if (masked[i] || shares[i] == 0) continue;
      weights[i] = (long) (shares[i] / sum * ONE);
      rest -= weights[i];
      if (largest < 0 || weights[i] > weights[largest]) largest = i;
    }
    weights[largest] += rest;
    return weights;
  }
}
