package dev.mixwell.simulate;

/**
 * How alike two matrices steer (arXiv 2411.05735, section 4.3): half the cosine of their column
 * sums and half Spearman's rank correlation of them; from -1 to 1.
 */
final class Similarity {
  private Similarity() {}

  /**
   * @param a [m][m] flat
   * @param b [m][m] flat
   */
  static double of(double[] a, double[] b) {
    double[] x = columnSums(a);
    double[] y = columnSums(b);
    return 0.5 * cosine(x, y) + 0.5 * cosine(centred(ranks(x)), centred(ranks(y)));
  }

  private static double[] columnSums(double[] matrix) {
    double[] sums = new double[(int) Math.sqrt(matrix.length)];
    for (int i = 0; i < matrix.length; i++) sums[i % sums.length] += matrix[i];
    return sums;
  }

  private static double cosine(double[] x, double[] y) {
    return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
  }

  private static double product(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) sum += x[i] * y[i];
    return sum;
  }

  /** Equal values share the mean of their ranks. */
  private static double[] ranks(double[] values) {
    double[] ranks = new double[values.length];
    for (int i = 0; i < ranks.length; i++)
      for (double other : values) ranks[i] += other < values[i] ? 1 : other == values[i] ? 0.5 : 0;
    return ranks;
  }

  private static double[] centred(double[] values) {
    double mean = 0;
    for (double value : values) mean += value / values.length;
    double[] centred = values.clone();
    for (int i = 0; i < centred.length; i++) centred[i] -= mean;
    return centred;
  }
}
