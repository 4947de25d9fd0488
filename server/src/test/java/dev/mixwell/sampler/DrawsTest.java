package dev.mixwell.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.RunSpec;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Draws, and what is made of them: independent seats and the order of units. */
final class DrawsTest {

  /** Computed by an independent program in exact integers. */
  @Test
  void knownAnswers() {
    assertEquals(0xe220a8397b1dcdafL, new Draws(0, 0, 0).bits(0)); // SplitMix64's first two from 0
    assertEquals(0x6e789e6aa1b965f4L, new Draws(0, 0, 0).bits(1));
    assertEquals(0x4625181559811678L, new Draws(1, 2, 3).bits(4));
    assertEquals(274, new Draws(1, 2, 3).below(4, 1_000));
    assertEquals(2527236318384130875L, new Draws(1, 2, 3).below(4, Long.MAX_VALUE));
    assertEquals(0x70f5558fcebdffc8L, new Draws(-1, 1, 1L << 40).bits(1L << 50));
    assertEquals(441, new Draws(-1, 1, 1L << 40).below(1L << 50, 1_000));
  }

  @Test
  void drawsAreUniform() {
    var draws = new Draws(5, 1, 9);
    int bound = 1_000;
    long[] seen = new long[bound];
    for (int n = 0; n < 1_000_000; n++) seen[(int) draws.below(n, bound)]++;
    assertPlausible(seen, uniform(bound));
  }

  @Test
  void everySeatIsDrawnWithItsShare() {
    double[][] cases = {
      {1}, {0.5, 0.5}, {0.7, 0, 0.2, 0.1}, {0.9, 0.09, 0.009, 0.001}, uniform(100), {0, 0, 1, 0}
    };
    for (double[] q : cases) {
      var spec = Specs.spec(77, q.length, 48, 1, RunSpec.Composition.IID, Specs.REPEAT);
      long[] rows = new long[q.length];
      Arrays.fill(rows, 1_000);
      var composer = new Composer(spec, rows);
      Position at = Position.start(q.length);
      for (int step = 0; step < 4_000; step++) at = units(composer, at, step, q).after();
      assertPlausible(at.rows(), q);
    }
  }

  @Test
  void aSeatIsDrawnByItsSeedItsStepAndItsNumberAlone() {
    double[] q = uniform(1_000);
    int[] expected = seats(3, 8, q, LongStream.range(0, 50).toArray());
    long[] backwards = LongStream.range(0, 50).map(i -> 49 - i).toArray();
    int[] found = seats(3, 8, q, backwards);
    for (int i = 0; i < 50; i++) assertEquals(expected[i], found[49 - i], "seat " + i);
    assertNotEquals(Arrays.toString(expected), Arrays.toString(seats(3, 9, q, backwards)));
    assertTrue(equalPlaces(expected, seats(3, 9, q, LongStream.range(0, 50).toArray())) < 5);
    assertTrue(equalPlaces(expected, seats(4, 8, q, LongStream.range(0, 50).toArray())) < 5);
  }

  private static int[] seats(long seed, long step, double[] q, long[] numbers) {
    var draws = new Draws(seed, 1, step);
    var seating = new Seating(q, new boolean[q.length], new long[q.length], draws);
    return Arrays.stream(numbers).mapToInt(seating::next).toArray();
  }

  private static int equalPlaces(int[] a, int[] b) {
    int equal = 0;
    for (int i = 0; i < a.length; i++) if (a[i] == b[i]) equal++;
    return equal;
  }

  @Test
  void everyOrderOfUnitsIsAsLikelyAsAnyOther() {
    var composer = new Composer(Specs.apportioned(21, 1, 5, 1), new long[] {1_000});
    long[] seen = new long[3_125];
    Position at = Position.start(1);
    int steps = 60_000;
    for (int step = 0; step < steps; step++) {
      Composition.Units units = units(composer, at, step, new double[] {1});
      int order = 0;
      for (int unit = 0; unit < 5; unit++)
        order = order * 5 + (int) (units.unitStart(unit) - 5L * step);
      seen[order]++;
      at = units.after();
    }
    long[] orders = Arrays.stream(seen).filter(count -> count > 0).toArray();
    assertEquals(120, orders.length);
    assertPlausible(orders, uniform(120));
  }

  @Test
  void everyUnitComesToEveryPlace() {
    int seats = 48;
    var composer = new Composer(Specs.apportioned(22, 1, seats, 1), new long[] {1_000});
    long[][] seen = new long[seats][seats];
    Position at = Position.start(1);
    for (int step = 0; step < 10_000; step++) {
      Composition.Units units = units(composer, at, step, new double[] {1});
      for (int place = 0; place < seats; place++)
        seen[(int) (units.unitStart(place) - (long) seats * step)][place]++;
      at = units.after();
    }
    for (long[] places : seen) assertPlausible(places, uniform(seats));
  }

  private static Composition.Units units(Composer composer, Position at, long step, double[] q) {
    var request = new Composer.Request(step, Proportions.of(q), false, false, 0);
    return (Composition.Units) composer.compose(at, request);
  }

  private static double[] uniform(int n) {
    double[] shares = new double[n];
    Arrays.fill(shares, 1.0 / n);
    return shares;
  }

  /**
   * Pearson's chi-square, within five standard deviations of its mean (and never by chance: the
   * seeds are fixed).
   */
  private static void assertPlausible(long[] seen, double[] shares) {
    double total = Arrays.stream(seen).sum();
    double statistic = 0;
    int cells = 0;
    for (int i = 0; i < seen.length; i++) {
      double expected = shares[i] * total;
      if (expected == 0) assertEquals(0, seen[i], "cell " + i);
      else {
        statistic += (seen[i] - expected) * (seen[i] - expected) / expected;
        cells++;
      }
    }
    double freedom = cells - 1.0;
    assertTrue(
        Math.abs(statistic - freedom) <= 5 * Math.sqrt(2 * freedom),
        "chi-square " + statistic + " with " + freedom + " degrees of freedom");
  }
}
