package dev.mixwell.mixer.rules;

import org.jspecify.annotations.Nullable;

/** Small dense systems of equations, solved with the same bits everywhere. */
public final class LinearSystem {
  /** Pivots below this part of the largest entry count as 0. */
  private static final double SINGULAR = 1e-10;

  private LinearSystem() {}

  /**
   * Solves {@code matrix x = b} for each row b of {@code rights}, by elimination with row pivoting.
   *
   * @param matrix [m][m]
   * @param rights [n][m]
   * @return [n][m]; null if the matrix is singular
   */
  public static double @Nullable [][] solve(double[][] matrix, double[][] rights) {
    int size = matrix.length;
    double[][] left = copy(matrix);
    double[][] x = copy(rights);
    double least = SINGULAR * largest(matrix);
    for (int column = 0; column < size; column++) {
      int pivot = column;
      for (int row = column + 1; row < size; row++)
        if (Math.abs(left[row][column]) > Math.abs(left[pivot][column])) pivot = row;
      if (!(Math.abs(left[pivot][column]) > least)) return null;
      swap(left, x, column, pivot);
      for (int row = column + 1; row < size; row++) {
        double factor = left[row][column] / left[column][column];
        for (int k = column; k < size; k++) left[row][k] -= factor * left[column][k];
        for (double[] b : x) b[row] -= factor * b[column];
      }
    }
    for (double[] b : x) substitute(left, b);
    return x;
  }

  private static void substitute(double[][] upper, double[] b) {
    for (int row = b.length - 1; row >= 0; row--) {
      for (int k = row + 1; k < b.length; k++) b[row] -= upper[row][k] * b[k];
      b[row] /= upper[row][row];
    }
  }

  private static void swap(double[][] left, double[][] rights, int a, int b) {
    double[] row = left[a];
    left[a] = left[b];
    left[b] = row;
    for (double[] right : rights) {
      double value = right[a];
      right[a] = right[b];
      right[b] = value;
    }
  }

  private static double largest(double[][] matrix) {
    double largest = 0;
    for (double[] row : matrix) for (double v : row) largest = Math.max(largest, Math.abs(v));
    return largest;
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) copy[i] = rows[i].clone();
    return copy;
  }
}
