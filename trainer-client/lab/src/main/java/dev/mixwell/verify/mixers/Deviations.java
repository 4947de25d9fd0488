package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Compares computed numbers with the expected ones of one file. The error is absolute up to 1 and
 * relative above, where one unit in the last place of a sum of exp(loss) can exceed any absolute
 * tolerance. Used by one thread.
 */
final class Deviations {
  private final double tolerance;
  private int compared;
  private double largestError;
  private @Nullable String firstMismatch;

  Deviations(double tolerance) {
    this.tolerance = tolerance;
  }

  /** Compares a vector, unless none is expected here. */
  void vector(String where, String what, double[] actual, JsonNode expected) {
    if (!VectorFile.isGiven(expected)) return;
    double[] wanted = VectorFile.numbers(expected, what);
    if (wanted.length != actual.length) {
      mismatch(
          "%s: %s has %d numbers, expected are %d"
              .formatted(where, what, actual.length, wanted.length));
      return;
    }
    for (int i = 0; i < wanted.length; i++)
      number(where, what + "[" + i + "]", actual[i], wanted[i]);
  }

  /** Compares a number, unless none is expected here. */
  void scalar(String where, String what, double actual, JsonNode expected) {
    if (VectorFile.isGiven(expected))
      number(where, what, actual, VectorFile.number(expected, what));
  }

  /** Compares a minimum with one found by others, unless none is given: it may be below. */
  void atMost(String where, String what, double actual, JsonNode expected) {
    if (!VectorFile.isGiven(expected)) return;
    double limit = VectorFile.number(expected, what);
    number(where, what, Math.max(actual, limit), limit); // NaN stays NaN
  }

  private void number(String where, String what, double actual, double expected) {
    compared++;
    double error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    if (Double.isNaN(error)) error = Double.POSITIVE_INFINITY;
    largestError = Math.max(largestError, error);
    if (error > tolerance)
      mismatch("%s: %s is %s, expected is %s".formatted(where, what, actual, expected));
  }

  private void mismatch(String what) {
    if (firstMismatch == null) firstMismatch = what;
  }

  double largestError() {
    return largestError;
  }

  /** What is wrong; null if all is as expected. */
  @Nullable String problem() {
    return compared == 0 && firstMismatch == null
        ? "nothing in it could be compared"
        : firstMismatch;
  }
}
