package dev.mixwell.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SeatingTest {

  @Test
  void theErrorStaysBelowOneSeatForFixedShares() {
    try (var proof = new Proof("apportioned-error", 10_000, 100_000)) {
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> fixedShares(new SplittableRandom(seed)));
    }
  }

  /** Counts for itself what was asked for and given; the account inside must agree. */
  private static void fixedShares(SplittableRandom random) {
    int most = 1 << random.nextInt(11);
    int m = random.nextInt(8) == 0 ? most : 1 + random.nextInt(most);
    double[] q = shares(m, random);
    long[] carry = new long[m];
    var seating = new Seating(q, new boolean[m], carry, null);
    long[] given = new long[m];
    int seats = 2 * m + (m < 32 ? 2_000 : 64);
    double bound = m == 1 ? 1e-9 : 1 - 1.0 / (2 * m - 2) + 1e-9;
    for (int seat = 1; seat <= seats; seat++) {
      given[seating.next(seat)]++;
      for (int i = 0; i < m; i++) {
        double error = seat * q[i] - given[i];
        if (!(Math.abs(error) <= bound))
          assertEquals(0, error, bound, "seat " + seat + " group " + i);
        if (q[i] == 0) assertEquals(0, given[i]);
      }
    }
    assertEquals(0, Arrays.stream(carry).sum());
    for (int i = 0; i < m; i++)
      assertEquals(
          seats * q[i] - given[i], (double) carry[i] / SeatWeights.ONE, 1e-9, "group " + i);
  }

  /** On the simplex: equal, or spread over up to nine powers of ten, some exactly 0. */
  static double[] shares(int m, SplittableRandom random) {
    double decades = random.nextInt(10);
    double zeros = random.nextInt(3) == 0 ? random.nextDouble() : 0;
    double[] shares = new double[m];
    double sum = 0;
    for (int i = 0; i < m; i++) {
      boolean zero = i > 0 && random.nextDouble() < zeros;
      shares[i] = zero ? 0 : StrictMath.pow(10, -decades * random.nextDouble());
      sum += shares[i];
    }
    for (int i = 0; i < m; i++) shares[i] /= sum;
    return shares;
  }

  @Test
  void everySeatIsTheOneThatExactArithmeticGives() {
    var random = new SplittableRandom(11);
    for (int round = 0; round < 200; round++) {
      int m = 1 + (1 << random.nextInt(4)); // 2, 3, 5, 9: 1/(2m-2) is a power of two
      int denominator = 1 << (4 + random.nextInt(12));
      int[] parts = parts(m, denominator, random);
      double[] q = new double[m];
      for (int i = 0; i < m; i++) q[i] = (double) parts[i] / denominator;
      var seating = new Seating(q, new boolean[m], new long[m], null);
      long[] given = new long[m];
      for (int seat = 1; seat <= 500; seat++) {
        int expected = oracle(parts, denominator, seat, given);
        assertEquals(expected, seating.next(seat), "round " + round + " seat " + seat);
        given[expected]++;
      }
    }
  }

  /** Whole numbers that sum to {@code total}; some are 0, ties are common. */
  private static int[] parts(int m, int total, SplittableRandom random) {
    int[] parts = new int[m];
    int left = total;
    for (int i = 0; i < m - 1; i++) {
      parts[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(left / (m - i) * 2 + 1);
      if (i > 0 && random.nextInt(3) == 0) parts[i] = Math.min(left, parts[i - 1]);
      left -= parts[i];
    }
    parts[m - 1] = left;
    return parts;
  }

  /** The rule as printed, in whole numbers: every quantity times denominator (2m - 2). */
  private static int oracle(int[] parts, int denominator, int seat, long[] given) {
    int m = parts.length;
    BigInteger scale = BigInteger.valueOf(2L * m - 2);
    BigInteger one = BigInteger.valueOf(denominator).multiply(scale);
    int best = -1;
    BigInteger bestGap = BigInteger.ZERO;
    for (int i = 0; i < m; i++) {
      BigInteger owed =
          BigInteger.valueOf((long) seat * parts[i] - given[i] * denominator).multiply(scale);
      if (parts[i] == 0 || owed.compareTo(BigInteger.valueOf(denominator)) < 0) continue;
      BigInteger gap = one.subtract(BigInteger.valueOf(denominator)).subtract(owed);
      boolean earlier =
          best >= 0
              && gap.multiply(BigInteger.valueOf(parts[best]))
                      .compareTo(bestGap.multiply(BigInteger.valueOf(parts[i])))
                  < 0;
      if (best >= 0 && !earlier) continue;
      best = i;
      bestGap = gap;
    }
    return best;
  }

  @Test
  void weightsAreTheSharesToWithinTheirNumberAndSumToOneExactly() {
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new SplittableRandom(seed);
      double[] q = shares(1 + random.nextInt(1_024), random);
      boolean[] masked = new boolean[q.length];
      double left = 0;
      for (int i = 0; i < q.length; i++) {
        masked[i] = i > 0 && random.nextInt(4) == 0;
        if (!masked[i]) left += q[i];
      }
      long[] weights = SeatWeights.of(q, masked);
      assertEquals(SeatWeights.ONE, Arrays.stream(weights).sum(), "seed " + seed);
      for (int i = 0; i < q.length; i++) {
        if (masked[i] || q[i] == 0) assertEquals(0, weights[i]);
        double exact = masked[i] ? 0 : q[i] / left * SeatWeights.ONE;
        assertTrue(
            weights[i] >= 0 && Math.abs(weights[i] - exact) <= 2.0 * q.length, "seed " + seed);
      }
    }
  }

  @Test
  void aShareTooSmallForItsScaleIsLeftOutAndNeverSeated() {
    double[] q = {1 - 1e-300, 1e-300};
    var seating = new Seating(q, new boolean[2], new long[] {-5, 5}, null);
    for (int seat = 0; seat < 1_000; seat++) assertEquals(0, seating.next(seat));
  }

  @Test
  void whatAnAbsentGroupIsOwedGoesToTheOthersInEqualParts() {
    long[] carry = {10, -3, 7, -14};
    new Seating(new double[] {0.5, 0, 0.25, 0.25}, new boolean[4], carry, null);
    assertEquals("[9, 0, 6, -15]", Arrays.toString(carry));
    var seating = new Seating(new double[] {0.5, 0, 0.25, 0.25}, new boolean[4], carry, null);
    seating.mask(2);
    assertEquals("[12, 0, 0, -12]", Arrays.toString(carry));
    seating.mask(0);
    seating.mask(3);
    assertTrue(seating.isOver());
  }
}
