package dev.mixwell.mixer.ado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Values of scipy are in the vector ADO-FIT-1. */
final class SavitzkyGolayTest {
  @Test
  void aPolynomialOfTheOrderIsLeftAsItIsUpToTheEdges() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      int window = 1 + 2 * random.nextInt(60);
      int order = random.nextInt(Math.min(window, 6));
      double[] values = polynomial(random, order, window + random.nextInt(100));
      assertArrayEquals(
          values, new SavitzkyGolay(window, order).smooth(values), 1e-9, "seed " + seed);
    }
  }

  private static double[] polynomial(SplittableRandom random, int order, int length) {
    double[] values = new double[length];
    for (int k = 0; k <= order; k++) {
      double factor = random.nextDouble(-3, 3);
      for (int t = 0; t < length; t++) values[t] += factor * StrictMath.pow((double) t / length, k);
    }
    return values;
  }

  @Test
  void orderZeroIsTheMeanOfTheWindow() {
    assertArrayEquals(
        new double[] {2, 2, 4, 6, 6},
        new SavitzkyGolay(3, 0).smooth(new double[] {1, 2, 3, 7, 8}),
        1e-12);
  }

  /** The five-point weights of the paper's table: -3, 12, 17, 12, -3, over 35. */
  @Test
  void theWeightsInTheMiddleAreThoseOfThePaper() {
    var filter = new SavitzkyGolay(5, 2);
    double[] weights = new double[5];
    Arrays.setAll(weights, i -> 35 * filter.weight(2, i));
    assertArrayEquals(new double[] {-3, 12, 17, 12, -3}, weights, 1e-12);
  }

  @Test
  void noiseShrinksAndItsMeanStays() {
    var random = new SplittableRandom(1);
    double[] noise = new double[2_000];
    Arrays.setAll(noise, i -> random.nextDouble(-1, 1));
    double[] smoothed = new SavitzkyGolay(101, 3).smooth(noise);
    double squares = 0;
    for (double s : smoothed) squares += s * s;
    // the weights' sum of squares is 9 / (4 x 101); a uniform value's variance is 1/3
    assertEquals(9.0 / (4 * 101) / 3, squares / smoothed.length, 0.002);
  }

  @Test
  void whatCannotBeSmoothedIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SavitzkyGolay(4, 2));
    assertThrows(IllegalArgumentException.class, () -> new SavitzkyGolay(5, 5));
    assertThrows(IllegalArgumentException.class, () -> new SavitzkyGolay(-1, 0));
    var filter = new SavitzkyGolay(5, 2);
    assertThrows(IllegalArgumentException.class, () -> filter.smooth(new double[4]));
  }
}
