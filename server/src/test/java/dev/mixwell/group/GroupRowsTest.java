package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.proof.Proof;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GroupRowsTest {
  @Test
  void eachTokenIsPredictedOnceAnEpoch() {
    try (var proof = new Proof("rows-cover-stream", 200, 20_000)) {
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> assertCovered(new SplittableRandom(seed)));
    }
  }

  private static void assertCovered(SplittableRandom random) {
    int rowTokens = random.nextInt(1, 50);
    long tokens = rowTokens + 1L + random.nextInt(2_000);
    var rows = rows(tokens, random.nextInt(8), rowTokens);
    long epoch = random.nextLong(1L << 30);
    int[] predicted = new int[(int) tokens];
    for (long i = 0; i < rows.rows(); i++) {
      long position = epoch * rows.rows() + i;
      assertEquals(epoch, rows.epoch(position));
      rows.pieces(
          rows.ordinal(position),
          (_, start, length) -> {
            assertEquals(rowTokens + 1, length);
            for (int label = 1; label < length; label++) predicted[(int) start + label]++;
          });
    }
    long covered = rows.rows() * rowTokens;
    for (int t = 0; t < tokens; t++)
      assertEquals(t >= 1 && t <= covered ? 1 : 0, predicted[t], "token " + t);
    assertTrue(tokens - 1 - covered < rowTokens, "fewer than a row's tokens are left over");
  }

  @Test
  void consecutiveEpochsHaveTheSameRowsInOtherOrders() {
    var rows = rows(10_001, 0, 10);
    var first = new HashSet<Long>();
    var second = new HashSet<Long>();
    int same = 0;
    for (long i = 0; i < rows.rows(); i++) {
      first.add(rows.ordinal(i));
      second.add(rows.ordinal(rows.rows() + i));
      if (rows.ordinal(i) == rows.ordinal(rows.rows() + i)) same++;
    }
    assertEquals(first, second);
    assertTrue(same < 10, same + " of 1,000 places are equal");
  }

  @Test
  void rowsAreCountedWithTheirLabel() {
    assertEquals(0, GroupRows.rows(0, 8));
    assertEquals(0, GroupRows.rows(8, 8));
    assertEquals(1, GroupRows.rows(9, 8));
    assertEquals(1, GroupRows.rows(16, 8));
    assertEquals(2, GroupRows.rows(17, 8));
  }

  @Test
  void aGroupWithoutARowIsRefused() {
    var refusal = assertThrows(Refusal.class, () -> rows(8, 0, 8));
    assertEquals(ProblemType.INVALID_RUN, refusal.type());
    assertTrue(refusal.detail().contains("needs 9"), refusal.detail());
  }

  private static GroupRows rows(long tokens, int index, int rowTokens) {
    var training = ExtentsWriter.inMemory();
    training.add(0, 0, tokens);
    var none = ExtentsWriter.inMemory().finish(0);
    return new GroupRows(
        new ResolvedGroup("g", "*:*", training.finish(1), none), index, 11, rowTokens);
  }
}
