package dev.mixwell.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.mixer.Proportions;
import dev.mixwell.proof.Proof;
import dev.mixwell.run.IssuedEnd;
import dev.mixwell.sampler.Position;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowsAheadTest {
  private static final int STEPS = 6;
  private static final int ROWS = 8;

  private final long[] end = new long[3];

  private void noteRead(int group, long from, long to) {
    assertTrue(from >= end[group] && to > from, "rows are read once, in order");
    end[group] = to;
  }

  private static IssuedEnd frontier(int attempt, long upTo, long[] rows, double[] weights) {
    var q = Proportions.normalised(weights);
    return new IssuedEnd(attempt, upTo, new Position(rows, new long[rows.length], null), q);
  }

  @Test
  void theRowsOfTheNextStepsAreReadWhileSharesHold() {
    try (var proof = new Proof("rows-ahead", 200, 20_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> advance(seed));
    }
  }

  private void advance(int seed) {
    Arrays.fill(end, 0);
    var random = new SplittableRandom(seed);
    var ahead = new RowsAhead(STEPS, ROWS, this::noteRead);
    double[] weights = random.doubles(3, 0.01, 1).toArray();
    long[] rows = new long[3];
    for (long upTo = 1; upTo < 200; upTo += random.nextInt(1, STEPS)) {
      var frontier = frontier(0, upTo, rows, weights);
      ahead.advance(frontier);
      for (int g = 0; g < 3; g++)
        assertTrue(end[g] >= rows[g] + frontier.share(g) * ROWS * STEPS, "group " + g);
      for (int g = 0; g < 3; g++) rows[g] += (long) (frontier.share(g) * ROWS * STEPS);
    }
  }

  @Test
  void aGroupWithoutAShareIsNotRead() {
    var ahead = new RowsAhead(STEPS, ROWS, this::noteRead);
    ahead.advance(frontier(0, 1, new long[3], new double[] {1, 0, 1}));
    assertEquals(0, end[1]);
  }

  @Test
  void anAttemptThatStartsEarlierIsReadAgain() {
    var ahead = new RowsAhead(STEPS, ROWS, this::noteRead);
    ahead.advance(frontier(0, 100, new long[] {500, 500, 500}, new double[] {1, 1, 1}));
    Arrays.fill(end, 0);
    ahead.advance(frontier(1, 3, new long[] {8, 8, 8}, new double[] {1, 1, 1}));
    assertEquals(8 + 16 + 1, end[0]);
  }
}
