package dev.mixwell.mixer.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EgdTest {
  @Test
  void aConstantAddedToEveryGainChangesNothing() {
    for (int seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      double[] p = MixersUnderTest.proportions(random, 5).toArray();
      double[] g = new double[5];
      Arrays.setAll(g, i -> random.nextDouble(-3, 3));
      double[] shifted = g.clone();
      double by = random.nextDouble(-100, 100);
      for (int i = 0; i < 5; i++) shifted[i] += by;
      assertArrayEquals(
          Egd.step(p, g, 0.7, 1e-3), Egd.step(p, shifted, 0.7, 1e-3), 1e-12, "seed " + seed);
    }
  }

  @Test
  void aShareOfZeroStaysZeroUnlessSmoothed() {
    double[] p = {0, 1};
    double[] g = {1000, 0};
    assertArrayEquals(new double[] {0, 1}, Egd.step(p, g, 1, 0));
    assertArrayEquals(new double[] {0.005, 0.995}, Egd.step(p, g, 1, 0.01), 1e-15);
  }

  @Test
  void gainsThatAreNotFiniteDoNotLookLikeProportions() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY})
      assertFalse(
          Proportions.onSimplex(Egd.step(new double[] {0.5, 0.5}, new double[] {bad, 0}, 1, 0.01)));
  }

  @Test
  void theExplorationRateStaysUniformForMLogMSteps() {
    assertEquals(1.0 / 22, Exploration.rate(22, 68), 0);
    assertFalse(Exploration.rate(22, 69) >= 1.0 / 22);
    assertEquals(0, Exploration.rate(1, 1), 0);
  }
}
