package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowOrderTest {
  @Test
  void everySizeUpTo5000IsABijection() {
    try (var proof = new Proof("row-order-bijection", 1, 20)) {
      for (int seed : proof.seeds())
        proof.check(
            "seed " + seed,
            () -> {
              for (int rows = 1; rows <= 5_000; rows++)
                assertBijection(new RowOrder(seed, rows & 7, rows), rows & 3);
            });
    }
  }

  @Test
  void oneMillionRowsAreABijection() {
    assertBijection(new RowOrder(9, 3, 1_000_000), 5);
  }

  @Test
  void positionsAreUniformAtAMillionRows() {
    try (var proof = new Proof("row-order-chi-square", 3, 200)) {
      for (int seed : proof.seeds())
        proof.check(
            "seed " + seed,
            () -> {
              // 100 x 100 cells of (place, row); a permutation fixes both margins: 99 x 99 degrees
              // of freedom.
              double z = chiSquareZ(new RowOrder(seed, seed % 7, 1_000_000), seed);
              assertTrue(z > -5 && z < 5, "chi-square is " + z + " standard deviations off");
            });
    }
  }

  @Test
  void neighboursAreAsFarApartAsInARandomOrder() {
    int rows = 1_000_000;
    var order = new RowOrder(1, 0, rows);
    int[] cells = new int[1_000];
    for (int i = 0; i + 1 < rows; i++)
      cells[(int) (Math.floorMod(order.row(0, i + 1) - order.row(0, i), rows) / 1_000)]++;
    double chiSquare = 0;
    for (int c : cells) chiSquare += (c - 1_000.0) * (c - 1_000.0) / 1_000;
    assertTrue(
        Math.abs(chiSquare - 999) < 5 * Math.sqrt(2 * 999),
        "chi-square " + chiSquare + " at 999 degrees of freedom");
  }

  @Test
  void everyOrderOfThreeRowsOccursAboutEquallyOften() {
    int[] counts = new int[9];
    var order = new RowOrder(4, 0, 3);
    for (int epoch = 0; epoch < 60_000; epoch++)
      counts[(int) (3 * order.row(epoch, 0) + order.row(epoch, 1))]++;
    for (int first = 0; first < 3; first++)
      for (int second = 0; second < 3; second++)
        assertEquals(
            first == second ? 0 : 10_000,
            counts[3 * first + second],
            1_500,
            "starts with " + first + ", " + second);
  }

  @Test
  void seedGroupAndEpochEachChangeTheOrder() {
    var seen = new HashSet<String>();
    for (long seed : new long[] {-1, 0, 1, 1L << 32})
      for (int group = 0; group < 4; group++)
        for (long epoch : new long[] {0, 1, 2, 1L << 40})
          assertTrue(
              seen.add(prefix(new RowOrder(seed, group, 1_000), epoch)),
              seed + " " + group + " " + epoch);
  }

  @Test
  void hugeSizesStayInRangeAndDoNotRepeat() {
    var random = new SplittableRandom(8);
    for (long rows :
        new long[] {
          (1L << 24) + 1, (1L << 31) + 7, (1L << 40) - 3, RowOrder.MAX_ROWS - 1, RowOrder.MAX_ROWS
        }) {
      var order = new RowOrder(1, 1, rows);
      var seen = new HashSet<Long>();
      long start = random.nextLong(rows - 10_000);
      for (long i = start; i < start + 10_000; i++) {
        long row = order.row(0, i);
        assertTrue(row >= 0 && row < rows && seen.add(row), "row " + row + " of " + rows);
      }
    }
  }

  /**
   * Runs on disk depend on these figures: a change here is a broken promise, not a new expectation.
   * Computed apart, in Python.
   */
  @Test
  void rowsArePinned() {
    assertArrayEquals(
        new long[] {5, 6, 0, 8, 2, 9, 3, 7, 4, 1}, rows(new RowOrder(0, 0, 10), 0, 10));
    assertArrayEquals(
        new long[] {331782, 487228, 495682, 300866, 391364, 323563},
        rows(new RowOrder(42, 3, 1_000_003), 7, 6));
    assertArrayEquals(
        new long[] {159113633793988L, 125858499234674L, 97708787922438L, 272591815968084L},
        rows(new RowOrder(-1, 1_023, RowOrder.MAX_ROWS), 1L << 33, 4));
    assertArrayEquals(
        new long[] {0, 0},
        new long[] {new RowOrder(5, 5, 1).row(0, 0), new RowOrder(5, 5, 1).row(9, 0)});
  }

  @Test
  void sizesAndPlacesOutsideTheRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RowOrder(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new RowOrder(0, 0, RowOrder.MAX_ROWS + 1));
    assertThrows(IndexOutOfBoundsException.class, () -> new RowOrder(0, 0, 5).row(0, 5));
    assertThrows(IndexOutOfBoundsException.class, () -> new RowOrder(0, 0, 5).row(0, -1));
  }

  private static void assertBijection(RowOrder order, long epoch) {
    var seen = new BitSet();
    for (long i = 0; i < order.rows(); i++) seen.set((int) order.row(epoch, i));
    assertEquals(order.rows(), seen.cardinality());
    assertEquals(order.rows(), seen.length());
  }

  private static double chiSquareZ(RowOrder order, long epoch) {
    int side = 100;
    int[] cells = new int[side * side];
    long perCell = order.rows() / side;
    for (long i = 0; i < order.rows(); i++)
      cells[(int) (i / perCell * side + order.row(epoch, i) / perCell)]++;
    double expected = (double) order.rows() / cells.length;
    double chiSquare = 0;
    for (int c : cells) chiSquare += (c - expected) * (c - expected) / expected;
    double freedom = (side - 1.0) * (side - 1.0);
    return (chiSquare - freedom) / Math.sqrt(2 * freedom);
  }

  private static long[] rows(RowOrder order, long epoch, int count) {
    return LongStream.range(0, count).map(i -> order.row(epoch, i)).toArray();
  }

  private static String prefix(RowOrder order, long epoch) {
    return Arrays.toString(rows(order, epoch, 12));
  }
}
