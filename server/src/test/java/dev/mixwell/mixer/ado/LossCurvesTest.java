package dev.mixwell.mixer.ado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.mixwell.mixer.ado.LawObjective.Terms;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LossCurvesTest {
  private static final SavitzkyGolay FILTER = new SavitzkyGolay(11, 2);
  private static final double UNSEEN = Double.NaN;

  /** The curves of [steps][groups] mean losses, with 8 rows a step and group. */
  private static LossCurves curves(
      double[][] losses, LossCurves.Sampling sampling, boolean areRowsRead) {
    int groups = losses[0].length;
    var curves = new LossCurves(groups, FILTER, sampling, losses.length, areRowsRead);
    for (int t = 1; t <= losses.length; t++) {
      long[] rows = new long[groups];
      Arrays.fill(rows, 1_000 + 8L * t); // 1,000 before this mixer
      curves.step(t, losses[t - 1].clone(), rows::clone);
    }
    curves.end();
    return curves;
  }

  private static LawObjective points(LossCurves curves, int group, double n) {
    return Objects.requireNonNull(curves.objective(group, n, Terms.REFERENCE));
  }

  @Test
  void pointsAreThoseOfTheWholeSeriesSmoothedAndThinned() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      int steps = 11 + random.nextInt(200);
      long stride = 1 + random.nextInt(3);
      long ignored = random.nextInt(Math.max(1, steps - (int) (20 * stride)));
      double[][] losses = new double[steps][2];
      double[] second = new double[steps];
      for (int t = 0; t < steps; t++) {
        losses[t][0] = random.nextDouble(2, 3);
        boolean isSeen = t == 0 || random.nextInt(3) > 0;
        second[t] = isSeen ? random.nextDouble(2, 3) : second[t - 1];
        losses[t][1] = isSeen ? second[t] : UNSEEN;
      }
      int count = (int) Math.ceilDiv(steps - ignored, stride);
      var curves = curves(losses, new LossCurves.Sampling(ignored, stride, 1_000), false);
      if (count < LossCurves.LEAST_POINTS) {
        assertNull(curves.objective(1, 1, Terms.REFERENCE));
        continue;
      }
      LawObjective points = points(curves, 1, 16.0 * steps);
      double[] smoothed = FILTER.smooth(second);
      assertEquals(count, points.points(), "seed " + seed);
      for (int i = 0; i < count; i++) {
        int t = (int) (ignored + i * stride);
        assertEquals(StrictMath.log(smoothed[t]), points.lnLoss(i), 1e-12, "seed " + seed);
        assertEquals(StrictMath.log(16.0 * (t + 1)), points.lnN(i), 1e-12, "seed " + seed);
      }
    }
  }

  private static double[][] constant(int steps, double... losses) {
    double[][] all = new double[steps][];
    Arrays.setAll(all, t -> losses.clone());
    return all;
  }

  @Test
  void thePointsOfALongRunAreFewerAndWeighMore() {
    var curves = curves(constant(1_000, 3), new LossCurves.Sampling(100, 3, 50), false);
    LawObjective points = points(curves, 0, 1_000);
    assertEquals(50, points.points()); // every 18th: 300 points are six times too many
    assertEquals(6, points.weight());
    assertEquals(StrictMath.log(101 + 49 * 18), points.lnN(49), 1e-12);
  }

  @Test
  void stepsWithNothingSeenDoNotCount() {
    double[][] losses = constant(80, 3);
    for (int t = 0; t < 80; t += 2) losses[t][0] = t % 4 == 0 ? UNSEEN : -1;
    LawObjective points = points(curves(losses, new LossCurves.Sampling(0, 1, 100), false), 0, 40);
    assertEquals(40, points.points());
    assertEquals(StrictMath.log(3), points.lnLoss(20), 1e-12);
    assertEquals(StrictMath.log(21), points.lnN(20), 1e-12);
  }

  /** What stands in its place until then is another group's loss. */
  @Test
  void aGroupsPointsBeginWhenItsWindowDoes() {
    double[][] losses = constant(100, 3, 5);
    for (int t = 0; t < 40; t++) losses[t][1] = UNSEEN;
    var curves = curves(losses, new LossCurves.Sampling(0, 1, 100), false);
    assertEquals(100, points(curves, 0, 100).points());
    LawObjective late = points(curves, 1, 100);
    assertEquals(StrictMath.log(46), late.lnN(0), 1e-12); // the middle of the window from step 40
    for (int i = 0; i < late.points(); i++) assertEquals(StrictMath.log(5), late.lnLoss(i), 1e-12);
    for (int t = 40; t < 90; t++) losses[t][1] = UNSEEN;
    assertNull(
        curves(losses, new LossCurves.Sampling(0, 1, 100), false)
            .objective(1, 100, Terms.REFERENCE));
  }

  @Test
  void ownRowsAreThoseSinceTheMixerTookEffect() {
    var curves = curves(constant(60, 3), new LossCurves.Sampling(10, 1, 100), true);
    LawObjective points = points(curves, 0, 8 * 60);
    for (int i = 0; i < points.points(); i++)
      assertEquals(StrictMath.log(8 * (11 + i)), points.lnN(i), 1e-12);
  }

  @Test
  void fewerStepsThanAWindowHaveNoPoints() {
    var sampling = new LossCurves.Sampling(0, 1, 100);
    assertNull(curves(constant(10, 3), sampling, false).objective(0, 10, Terms.REFERENCE));
    assertNotNull(curves(constant(20, 3), sampling, false).objective(0, 20, Terms.REFERENCE));
  }
}
