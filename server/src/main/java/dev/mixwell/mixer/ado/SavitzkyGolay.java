package dev.mixwell.mixer.ado;

import java.util.Arrays;

/**
 * The Savitzky-Golay filter: each value is replaced by that of the polynomial fitted by least
 * squares to the window around it (Savitzky and Golay 1964). In the first and last half window the
 * polynomial of the outermost full window is used, as scipy's mode {@code interp} does. Immutable.
 */
public final class SavitzkyGolay {
  private final int window;

  /** [window][window]: row s weighs a window's values for the value at its position s. */
  private final double[][] weights;

  /**
   * @param window values under one polynomial, odd
   * @param order of the polynomial, below {@code window}
   * @throws IllegalArgumentException if they do not fit together
   */
  public SavitzkyGolay(int window, int order) {
    if (window < 1 || window % 2 == 0 || order < 0 || order >= window)
      throw new IllegalArgumentException("no filter of window " + window + " and order " + order);
    this.window = window;
    double[][] basis = basis(window, order);
    weights = new double[window][window];
    for (int at = 0; at < window; at++)
      for (double[] polynomial : basis)
        for (int i = 0; i < window; i++) weights[at][i] += polynomial[at] * polynomial[i];
  }

  public int window() {
    return window;
  }

  /** The weight of a window's value i in the smoothed value at position {@code at}, 0-based. */
  public double weight(int at, int i) {
    return weights[at][i];
  }

  /**
   * Smooths a whole series.
   *
   * @param values at least a window of them
   */
  public double[] smooth(double[] values) {
    if (values.length < window)
      throw new IllegalArgumentException(
          values.length + " values are fewer than a window of " + window);
    double[] smoothed = new double[values.length];
    for (int t = 0; t < values.length; t++) {
      int from = Math.clamp(t - window / 2, 0, values.length - window);
      for (int i = 0; i < window; i++) smoothed[t] += weights[t - from][i] * values[from + i];
    }
    return smoothed;
  }

  /**
   * The polynomials of degree 0 to {@code order} that are orthonormal over the window's positions
   * [order + 1][window], by their three-term recurrence.
   */
  private static double[][] basis(int window, int order) {
    double[][] basis = new double[order + 1][];
    double[] last = new double[window];
    double[] next = new double[window];
    Arrays.fill(next, 1);
    for (int k = 0; k <= order; k++) {
      double[] polynomial = normalised(next);
      basis[k] = polynomial;
      double[] raised = new double[window];
      double overlap = 0; // with the polynomial before the last; with the last it is 0 by symmetry
      for (int i = 0; i < window; i++) {
        raised[i] = (i - window / 2) * polynomial[i];
        overlap += raised[i] * last[i];
      }
      for (int i = 0; i < window; i++) raised[i] -= overlap * last[i];
      last = polynomial;
      next = raised;
    }
    return basis;
  }

  private static double[] normalised(double[] values) {
    double squares = 0;
    for (double v : values) squares += v * v;
    double norm = Math.sqrt(squares);
    double[] unit = new double[values.length];
    for (int i = 0; i < unit.length; i++) unit[i] = values[i] / norm;
    return unit;
  }
}
