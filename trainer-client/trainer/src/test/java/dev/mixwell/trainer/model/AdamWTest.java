package dev.mixwell.trainer.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final OptimizerSettings SETTINGS = new OptimizerSettings(0.9, 0.99, 1e-8, 0.1, 0);

  private static NDManager manager() {
    return Engine.getEngine("PyTorch").newBaseManager(Accelerator.device());
  }

  private static Weights one(NDManager manager, float value, long... shape) {
    var weights = new Weights();
    weights.put("w", manager.create(new float[] {value}, new Shape(shape)));
    return weights;
  }

  /** t=1: m=.05, v=.0025, direction 1; t=2: m=-.055, v=.012475, direction -.2894737/.7917601. */
  @Test
  void twoStepsAreThoseComputedByHand() {
    try (NDManager manager = manager()) {
      Weights matrix = one(manager, 1, 1, 1);
      var adam = new AdamW(SETTINGS, matrix, manager);
      adam.step(matrix, one(manager, 0.5f, 1, 1), 0.1);
      assertEquals(1 * (1 - 0.1 * 0.1) - 0.1, matrix.get("w").getFloat(), 1e-6);
      adam.step(matrix, one(manager, -1, 1, 1), 0.1);
      assertEquals(0.89 * 0.99 + 0.1 * 0.2894737 / 0.7917601, matrix.get("w").getFloat(), 1e-6);
    }
  }

  @Test
  void biasesDoNotDecayAndLongGradientsAreCut() {
    try (NDManager manager = manager()) {
      Weights bias = one(manager, 1, 1);
      var clipped = new AdamW(new OptimizerSettings(0.9, 0.99, 1e-8, 0.1, 2), bias, manager);
      assertEquals(8, clipped.step(bias, one(manager, 8, 1), 0.1), 1e-6);
      assertEquals(0.9, bias.get("w").getFloat(), 1e-6);
      assertEquals(0.1 * 2, clipped.first.get("w").getFloat(), 1e-6);
    }
  }

  @Test
  void aGradientThatIsNotFiniteChangesNothing() {
    try (NDManager manager = manager()) {
      Weights matrix = one(manager, 1, 1, 1);
      var adam = new AdamW(SETTINGS, matrix, manager);
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY})
        adam.step(matrix, one(manager, bad, 1, 1), 0.1);
      assertEquals(1, matrix.get("w").getFloat());
      assertEquals(0, adam.first.get("w").getFloat());
      assertEquals(0, adam.updates());
    }
  }

  @Test
  void stepsFollowThePlainArithmeticForAnyGradients() {
    for (int seed = 0; seed < 5; seed++) {
      var random = new SplittableRandom(seed);
      double p = 1;
      double m = 0;
      double v = 0;
      try (NDManager manager = manager()) {
        Weights matrix = one(manager, 1, 1, 1);
        var adam = new AdamW(SETTINGS, matrix, manager);
        for (int t = 1; t <= 20; t++) {
          float g = (float) random.nextGaussian();
          m = 0.9 * m + 0.1 * g;
          v = 0.99 * v + 0.01 * g * g;
          double direction =
              m / (1 - Math.pow(0.9, t)) / (Math.sqrt(v / (1 - Math.pow(0.99, t))) + 1e-8);
          p = p * (1 - 0.01 * 0.1) - 0.01 * direction;
          adam.step(matrix, one(manager, g, 1, 1), 0.01);
          assertEquals(p, matrix.get("w").getFloat(), 1e-5, "seed " + seed + ", step " + t);
        }
      }
    }
  }
}
