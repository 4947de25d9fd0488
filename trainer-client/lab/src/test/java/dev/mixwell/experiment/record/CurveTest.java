package dev.mixwell.experiment.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.mixwell.trainer.TrainReport.Evaluation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CurveTest {
  /** Of two groups with the given perplexities. */
  private static Evaluation at(long step, double a, double b) {
    return new Evaluation(step, Map.of("a", Math.log(a), "b", Math.log(b)));
  }

  private static final Curve CURVE =
      new Curve(List.of(at(0, 50, 70), at(10, 30, 10), at(20, 25, 15), at(30, 4, 12)));

  @Test
  void perplexityIsAveragedAfterTheExponential() {
    assertEquals(20, Curve.averagePerplexity(at(1, 30, 10).losses()), 1e-12);
    assertEquals(Math.log(300) / 2, Curve.averageLoss(at(1, 30, 10).losses()), 1e-12);
  }

  @Test
  void stepsAreInterpolatedWhereTheTargetIsFirstPassed() {
    assertEquals(5, CURVE.stepsTo(40), 1e-9);
    assertEquals(10, CURVE.stepsTo(20 + 1e-9), 1e-6);
    assertEquals(25, CURVE.stepsTo(14), 1e-9);
    assertEquals(0, CURVE.stepsTo(60), 1e-9);
    assertNull(CURVE.stepsTo(7.9));
  }

  @Test
  void onlyPointsThatEveryRunHasAreKept() {
    var evaluations =
        List.of(at(0, 9, 9), at(3, 8, 8), at(5, 7, 7), at(5, 7, 7), at(10, 6, 6), at(12, 5, 5));
    assertEquals(
        List.of(0L, 5L, 10L, 12L),
        Curve.of(evaluations, 5).points().stream().map(Evaluation::step).toList());
  }
}
