package dev.mixwell.trainer.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.client.Bodies;
import dev.mixwell.client.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenLossesTest {
  private static final List<String> NAMES = List.of("a", "b", "absent");
  private static final Rows ROWS =
      Rows.parse(
          Bodies.body(
              "", false, new int[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, new int[] {1, 0, 1}));

  private static TokenLosses losses(float... values) {
    var losses = new TokenLosses(ROWS);
    int at = 0;
    for (RowChunk chunk : RowChunk.of(ROWS, 2)) {
      float[] part = new float[chunk.count() * 2];
      for (int i = 0; i < part.length; i++) part[i] = values[at++];
      losses.set(chunk, part);
    }
    return losses;
  }

  private static Map<String, GroupFeedback> posted(GroupSums sums) {
    return sums.feedback(FeedbackKind.EXCESS, null).groups();
  }

  /**
   * Differences: b -1, +1; a +2, -0.5; b +0.25, -4. Means that are clipped after, or sums, differ.
   */
  @Test
  void excessIsClippedTokenByTokenAndTheDifferenceIsNot() {
    TokenLosses own = losses(1, 2, 3, 0.5f, 1.25f, 0);
    TokenLosses reference = losses(2, 1, 1, 1, 1, 4);
    assertEquals(
        Map.of("a", new GroupFeedback(2, 2), "b", new GroupFeedback(1.25, 4)),
        posted(own.excess(reference, NAMES)));
    assertEquals(
        Map.of("a", new GroupFeedback(1.5, 2), "b", new GroupFeedback(-3.75, 4)),
        posted(own.difference(reference, NAMES)));
    assertEquals(
        Map.of("a", new GroupFeedback(3.5, 2), "b", new GroupFeedback(4.25, 4)),
        posted(own.sums(NAMES)));
  }

  @Test
  void aLossThatIsNoNumberIsNotClippedAway() {
    GroupSums excess = losses(Float.NaN, 0, 0, 0, 0, 0).excess(losses(new float[6]), NAMES);
    assertTrue(Double.isNaN(posted(excess).get("b").lossSum()));
    assertEquals(0, posted(excess).get("a").lossSum());
  }

  @Test
  void aGroupWithoutALabelThatCountsIsPostedAllTheSame() {
    var sums = new GroupSums(NAMES);
    sums.add(new int[] {1, 0}, new float[] {1, 2, 3, 4}, new float[] {0, 0, 1, 0});
    assertEquals(Map.of("a", new GroupFeedback(3, 1), "b", new GroupFeedback(0, 0)), posted(sums));
    assertEquals(Map.of("a", 3.0), sums.means());
  }

  private static List<RowChunk> byGroup() {
    var chunks = new ArrayList<>(RowChunk.ofGroup(ROWS, 1, 2));
    chunks.addAll(RowChunk.ofGroup(ROWS, 0, 2));
    return chunks;
  }

  @Test
  void rowsThatWentThroughInAnotherOrderComeBackToTheirPlaces() {
    var losses = new TokenLosses(ROWS);
    for (RowChunk chunk : byGroup()) {
      float[] part = new float[chunk.count() * 2];
      for (int i = 0; i < part.length; i++) part[i] = 10 * chunk.ordinal(i / 2) + i % 2;
      losses.set(chunk, part);
    }
    assertEquals(posted(losses(0, 1, 10, 11, 20, 21).sums(NAMES)), posted(losses.sums(NAMES)));
  }
}
