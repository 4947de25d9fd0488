package dev.mixwell.mixer;

import java.util.Arrays;

/**
 * A point of the simplex: one share a group, finite, not negative, summing to 1 within 1e-9.
 * Immutable.
 */
public final class Proportions {
  private static final double SUM_TOLERANCE = 1e-9;

  private final double[] shares;

  private Proportions(double[] shares) {
    this.shares = shares;
  }

  /**
   * Takes shares that are on the simplex already.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static Proportions of(double... shares) {
    if (!onSimplex(shares))
      throw new IllegalArgumentException("not on the simplex: " + Arrays.toString(shares));
    return new Proportions(shares.clone());
  }

  /**
   * Weights divided by their sum.
   *
   * @throws IllegalArgumentException if a weight is negative or not finite, or all are 0
   */
  public static Proportions normalised(double... weights) {
    double largest = 0;
    for (double w : weights) {
      if (!(w >= 0) || w == Double.POSITIVE_INFINITY)
        throw new IllegalArgumentException("not a weight: " + w);
      largest = Math.max(largest, w);
    }
    if (largest == 0)
      throw new IllegalArgumentException("all " + weights.length + " weights are 0");
    double unit =
        Math.scalb(
            1.0, Math.getExponent(largest)); // keeps the sum of huge or subnormal weights in range
    if (unit == 0 || largest < Double.MIN_NORMAL) unit = Double.MIN_NORMAL;
    double[] shares = new double[weights.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) sum += shares[i] = weights[i] / unit;
    for (int i = 0; i < shares.length; i++) shares[i] /= sum;
    return of(shares);
  }

  public static Proportions uniform(int groups) {
    double[] shares = new double[groups];
    Arrays.fill(shares, 1.0 / groups);
    return new Proportions(shares);
  }

  /** Whether {@code shares} are finite, not negative and sum to 1 within 1e-9. */
  public static boolean onSimplex(double[] shares) {
    double sum = 0;
    for (double s : shares) {
      if (!(s >= 0)) return false;
      sum += s;
    }
    return shares.length > 0 && Math.abs(sum - 1) <= SUM_TOLERANCE;
  }

  public int size() {
    return shares.length;
  }

  public double share(int group) {
    return shares[group];
  }

  public double[] toArray() {
    return shares.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Proportions p && Arrays.equals(shares, p.shares);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shares);
  }

  @Override
  public String toString() {
    return Arrays.toString(shares);
  }
}
