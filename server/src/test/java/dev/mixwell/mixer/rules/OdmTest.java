package dev.mixwell.mixer.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OdmTest {
  private static final Proportions CURRENT = Proportions.of(0.1, 0.2, 0.7);

  private static Mixer odm(Map<String, Object> parameters) {
    return MixersUnderTest.create(new MixerSpec("odm", parameters), 3);
  }

  private static Observation losses(long t, Proportions q, double... losses) {
    long[] tokens = new long[losses.length];
    for (int i = 0; i < tokens.length; i++) tokens[i] = losses[i] > 0 ? 1 : 0;
    return new Observation(t, q, losses, tokens);
  }

  @Test
  void waitsForTrainingLosses() {
    Mixer mixer = odm(Map.of());
    assertEquals(FeedbackKind.TRAIN, mixer.awaits());
    assertEquals(new Phase.Online(), mixer.phase(0));
  }

  @Test
  void startsUniformOrFromTheCurrentProportions() {
    assertEquals(Proportions.uniform(3), odm(Map.of()).start(null).p());
    assertEquals(CURRENT, odm(Map.of()).start(CURRENT).p());
  }

  @Test
  void currentProportionsAreServedThroughTheWarmUpAndItsLossesAreDiscarded() {
    Mixer mixer = odm(Map.of("warmupSteps", 4));
    Decision start = mixer.start(CURRENT);
    Decision decided = start;
    for (int t = 1; t <= 4; t++) {
      decided = mixer.fold(decided.state(), losses(t, CURRENT, 9, 1, 1));
      assertEquals(CURRENT, decided.p());
    }
    assertEquals(start.state(), decided.state());
    assertNotEquals(CURRENT, mixer.fold(decided.state(), losses(5, CURRENT, 9, 1, 1)).p());
  }

  @Test
  void currentProportionsAreKeptWhileAllRewardsAreZero() {
    Mixer mixer = odm(Map.of());
    Decision decided = mixer.start(CURRENT);
    for (int t = 1; t <= 9; t++) {
      decided =
          mixer.fold(
              decided.state(), new Observation(t, CURRENT, new double[3], new long[] {1, 1, 1}));
      assertEquals(CURRENT, decided.p());
    }
  }

  @Test
  void theImportanceWeightIsTheRecordedShareNotTheDecidedOne() {
    Mixer mixer = odm(Map.of());
    var q = Proportions.of(0.5, 0.25, 0.25);
    Decision decided = mixer.fold(mixer.start(CURRENT).state(), losses(1, q, 4, 0, 0));
    assertArrayEquals(new double[] {(1 - 0.9) * 4 / 0.5, 0, 0}, decided.state().vector("R"), 1e-15);
  }

  /**
   * The expectation, over one group drawn from q, of what R gains is the loss times a constant: no
   * q is left in it.
   */
  @Test
  void importanceWeightsMakeTheRewardUnbiased() {
    var gains = Map.of("paper", 1 - 0.9, "exp3", 1.0 / 10);
    for (var variant : gains.entrySet()) {
      Mixer mixer = odm(Map.of("variant", variant.getKey()));
      for (int seed = 0; seed < 50; seed++) {
        var random = new SplittableRandom(seed);
        var q = MixersUnderTest.proportions(random, 3);
        for (int drawn = 0; drawn < 3; drawn++) {
          double[] loss = new double[3];
          loss[drawn] = random.nextDouble(0.1, 9);
          double gained =
              mixer.fold(mixer.start(null).state(), losses(1, q, loss)).state().vector("R")[drawn];
          assertEquals(
              variant.getValue() * loss[drawn],
              q.share(drawn) * gained,
              1e-12,
              variant.getKey() + ", seed " + seed);
        }
      }
    }
  }

  @Test
  void theFloorIsTheRateOfThisUpdateAndTheExponentHasThatOfTheLast() {
    Mixer mixer = odm(Map.of("variant", "exp3", "rewardDivisor", 1, "updateFrequency", 50));
    Decision first =
        mixer.fold(mixer.start(null).state(), losses(50, Proportions.uniform(3), 3, 2, 1));
    Decision second = mixer.fold(first.state(), losses(100, Proportions.uniform(3), 3, 2, 1));
    double rate = StrictMath.sqrt(StrictMath.log(3) / (3 * 100));
    double last = StrictMath.sqrt(StrictMath.log(3) / (3 * 50));
    double ratio = (second.p().share(0) - rate) / (second.p().share(1) - rate);
    assertEquals(StrictMath.exp(last * 6), ratio, 1e-9); // R differs by 3 an update
    assertEquals(rate, second.state().scalar("eps"), 0);
  }

  @Test
  void noGroupFallsBelowTheExplorationRate() {
    Mixer mixer = odm(Map.of("variant", "reference"));
    Decision decided = mixer.start(null);
    for (int t = 1; t <= 500; t++) {
      decided = mixer.fold(decided.state(), losses(t, decided.p(), 9, 1, 0));
      assertTrue(
          decided.p().share(2) >= Exploration.rate(3, t) * (1 - 1e-12),
          "t " + t + ": " + decided.p());
    }
  }

  @Test
  void aLossIsClippedUnlessThatIsTurnedOff() {
    for (String variant : new String[] {"paper", "reference", "exp3"}) {
      double clipped = reward(Map.of("variant", variant), 20);
      assertEquals(reward(Map.of("variant", variant), 15), clipped, 0);
      assertTrue(reward(Map.of("variant", variant, "lossClip", 0), 20) > clipped);
    }
  }

  private static double reward(Map<String, Object> parameters, double loss) {
    Mixer mixer = odm(parameters);
    return mixer
        .fold(mixer.start(null).state(), losses(1, Proportions.uniform(3), loss, 0, 0))
        .state()
        .vector("R")[0];
  }
}
