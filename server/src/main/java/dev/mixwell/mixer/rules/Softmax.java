package dev.mixwell.mixer.rules;

/** The Gibbs distribution: shares proportional to exp of the exponents. */
final class Softmax {
  private Softmax() {}

  /**
   * Shares [m] of exponents [m]. The largest is subtracted first, so none overflows; negative
   * infinity gives 0.
   *
   * @return NaNs if an exponent is NaN or positive infinity, or all are negative infinity: callers
   *     check
   */
  static double[] of(double[] exponents) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double x : exponents) largest = Math.max(largest, x);
    double[] shares = new double[exponents.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++)
      sum += shares[i] = StrictMath.exp(exponents[i] - largest);
    for (int i = 0; i < shares.length; i++) shares[i] /= sum;
    return shares;
  }
}
