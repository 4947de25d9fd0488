package dev.mixwell.mixer.rules;

/**
 * The exploration of bandit mixers: a floor under every share, sinking as t^(-1/2) (ODM, arXiv
 * 2312.02406).
 */
final class Exploration {
  private Exploration() {}

  /** {@code min(1/m, sqrt(ln m / (m t)))}: 1/m, so that p is uniform, while {@code t <= m ln m}. */
  static double rate(int groups, long t) {
    return Math.min(1.0 / groups, Math.sqrt(StrictMath.log(groups) / ((double) groups * t)));
  }

  /**
   * {@code (1 - m rate) shares + rate}, divided by its sum; rounding must not turn the factor
   * negative.
   */
  static double[] mix(double[] shares, double rate) {
    int groups = shares.length;
    double kept = Math.max(0, 1 - groups * rate);
    double[] p = new double[groups];
    double sum = 0;
    for (int i = 0; i < groups; i++) sum += p[i] = kept * shares[i] + rate;
    for (int i = 0; i < groups; i++) p[i] /= sum;
    return p;
  }
}
