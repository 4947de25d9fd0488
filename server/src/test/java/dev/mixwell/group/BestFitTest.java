package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BestFitTest {
  @Test
  void everyPieceIsInOneRowAndNoRowIsOverfull() {
    try (var proof = new Proof("best-fit", 300, 20_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> assertPacked(seed));
    }
  }

  private static void assertPacked(int seed) {
    long[] counts = counts(new SplittableRandom(seed));
    List<BestFit.RowClass> classes = BestFit.pack(counts);
    var seen = new ArrayList<BitSet>();
    for (int length = 0; length < counts.length; length++) seen.add(new BitSet());
    long rows = 0;
    for (BestFit.RowClass c : classes) {
      rows += c.rows();
      for (long row = 0; row < c.rows(); row++) assertRow(c, row, counts.length - 1, seen);
    }
    for (int length = 1; length < counts.length; length++)
      assertEquals(counts[length], seen.get(length).cardinality(), "pieces of length " + length);
    assertEquals(oneByOne(counts), rows, "rows as placing one piece after the other gives them");
  }

  private static void assertRow(BestFit.RowClass rows, long row, int capacity, List<BitSet> seen) {
    int used = 0;
    for (BestFit.Contents part : rows.contents())
      for (int i = 0; i < part.each(); i++) {
        int piece = (int) (part.first() + row * part.each() + i);
        assertTrue(!seen.get(part.length()).get(piece), "a piece twice");
        seen.get(part.length()).set(piece);
        used += part.length();
      }
    assertTrue(used > 0 && used <= capacity, used + " of " + capacity);
  }

  /** Best-fit decreasing as it is written in books: a piece goes where the least room is left. */
  private static long oneByOne(long[] counts) {
    var rowsByRoom = new TreeMap<Integer, Long>();
    long rows = 0;
    for (int length = counts.length - 1; length > 0; length--)
      for (long piece = 0; piece < counts[length]; piece++) {
        Integer room = rowsByRoom.ceilingKey(length);
        if (room == null) {
          room = counts.length - 1;
          rows++;
        } else if (rowsByRoom.merge(room, -1L, Long::sum) == 0) rowsByRoom.remove(room);
        rowsByRoom.merge(room - length, 1L, Long::sum);
      }
    return rows;
  }

  private static long[] counts(SplittableRandom random) {
    long[] counts = new long[random.nextInt(2, 200)];
    for (int pieces = random.nextInt(1, 3_000); pieces > 0; pieces--) {
      int longest = random.nextBoolean() ? counts.length : Math.min(counts.length, 20);
      counts[1 + random.nextInt(longest - 1)]++;
    }
    return counts;
  }

  @Test
  void aHundredMillionPiecesArePlannedByTheirCounts() {
    long[] counts = new long[2_050];
    var random = new SplittableRandom(1);
    for (int length = 1; length < counts.length; length++) counts[length] = random.nextInt(100_000);
    List<BestFit.RowClass> classes = BestFit.pack(counts);
    assertTrue(classes.size() < 3 * counts.length, "classes: " + classes.size());
    long pieces = 0;
    long expected = 0;
    for (BestFit.RowClass c : classes)
      for (BestFit.Contents part : c.contents()) pieces += c.rows() * part.each();
    for (long count : counts) expected += count;
    assertTrue(expected > 100_000_000, "pieces: " + expected);
    assertEquals(expected, pieces);
  }
}
