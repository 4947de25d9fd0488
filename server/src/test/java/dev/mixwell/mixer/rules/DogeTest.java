package dev.mixwell.mixer.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Alignment;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DogeTest {
  private static final Proportions CURRENT = Proportions.of(0.1, 0.2, 0.7);
  private static final double[] ONES = {1, 1, 1};
  private static final double[] NONE = new double[3];

  private static Mixer doge(Map<String, Object> parameters) {
    return MixersUnderTest.create(new MixerSpec("doge", parameters), 3);
  }

  private static Decision fold(Mixer mixer, Decision before, Alignment alignment) {
    return mixer.fold(
        before.state(), MixersUnderTest.observation(1, before.p(), NONE, new long[3], alignment));
  }

  /** All groups with gradients of length 1; NaN for a group that was not seen. */
  private static Alignment sums(double learningRate, double... sums) {
    boolean[] seen = new boolean[3];
    for (int i = 0; i < 3; i++) seen[i] = !Double.isNaN(sums[i]);
    return new Alignment(learningRate, sums, NONE, ONES, seen);
  }

  @Test
  void waitsForGradients() {
    Mixer mixer = doge(Map.of());
    assertEquals(FeedbackKind.ALIGNMENT, mixer.awaits());
    assertEquals(new Phase.Online(), mixer.phase(0));
    assertEquals(Proportions.uniform(3), mixer.start(null).p());
    assertEquals(CURRENT, mixer.start(CURRENT).p());
  }

  @Test
  void aGroupWhoseGradientPointsToTheTargetsGains() {
    Mixer mixer = doge(Map.of("mu", 1e-3, "smoothing", 0));
    Decision decided = fold(mixer, mixer.start(CURRENT), sums(1e-3, 2, 1, 0.5));
    double unit = 1 + 1e-6;
    assertArrayEquals(
        new double[] {2e-3 / unit, 1e-3 / unit, 5e-4 / unit},
        decided.state().vector("score"),
        1e-18);
    assertEquals(
        0.1 / 0.2 * StrictMath.exp(1 / unit), decided.p().share(0) / decided.p().share(1), 1e-12);
  }

  @Test
  void scoresAreClippedToTheLearningRatesMeasure() {
    Mixer mixer = doge(Map.of("dwMin", -1, "dwMax", 2));
    Decision decided = fold(mixer, mixer.start(null), sums(0.5, 100, -100, 1));
    assertArrayEquals(new double[] {1, -0.5, 0.5}, decided.state().vector("score"), 1e-6);
  }

  @Test
  void withoutALearningRateNothingMovesButTheAverage() {
    Mixer mixer = doge(Map.of("smoothing", 0));
    Decision decided = fold(mixer, mixer.start(CURRENT), sums(0, 2, 1, 3));
    assertArrayEquals(CURRENT.toArray(), decided.p().toArray(), 1e-15);
    assertEquals(1, decided.state().scalar("count"));
  }

  @Test
  void leavingOneOutTakesTheGroupsOwnTargetAway() {
    var seen = new Alignment(1, new double[] {3, 2, 1}, new double[] {2, 1, 0}, ONES, seen());
    Map<String, Object> wide = Map.of("mu", 1, "leaveOneOut", true);
    Mixer mixer = doge(wide);
    Decision decided = fold(mixer, mixer.start(CURRENT), seen);
    assertArrayEquals(CURRENT.toArray(), decided.p().toArray(), 1e-6);
    var other = new TreeMap<>(wide);
    other.put("leaveOneOut", false);
    assertTrue(fold(doge(other), mixer.start(CURRENT), seen).p().share(0) > 0.2);
  }

  private static boolean[] seen() {
    return new boolean[] {true, true, true};
  }

  @Test
  void aGroupThatWasNotSeenScoresNothingAndItsLengthDoesNotCount() {
    Mixer mixer = doge(Map.of());
    Decision before = fold(mixer, mixer.start(null), sums(1e-3, 1, 1, 1));
    var seen =
        new Alignment(
            1e-3,
            new double[] {2, 1, 9},
            NONE,
            new double[] {1, 3, 90},
            new boolean[] {true, true, false});
    double[] score = fold(mixer, before, seen).state().vector("score");
    assertArrayEquals(new double[] {1e-3, 0.5e-3, 0}, score, 1e-8);
  }

  @Test
  void inTheReferenceAGroupThatWasNotSeenKeepsWhatItHad() {
    Mixer mixer = doge(Map.of("variant", "reference"));
    var first =
        new Alignment(
            1e-3,
            new double[] {2, 1, 9},
            NONE,
            new double[] {1, 2, 90},
            new boolean[] {true, true, false});
    Decision before = fold(mixer, mixer.start(null), first);
    assertArrayEquals(new double[] {2e-3, 1e-3, 0}, before.state().vector("score"), 1e-8);
    double[] score =
        fold(mixer, before, sums(1e-3, Double.NaN, Double.NaN, 4)).state().vector("score");
    assertArrayEquals(
        new double[] {2e-3 / 4 * 3, 1e-3 / 4 * 3, 4e-3 / 4 * 3}, score, 1e-8); // lengths 1, 2, 1
  }

  @Test
  void theAverageLeavesTheStartOut() {
    Mixer mixer = doge(Map.of("mu", 1e-3));
    Decision first = fold(mixer, mixer.start(CURRENT), sums(1e-3, 2, 1, 0));
    Decision second = fold(mixer, first, sums(1e-3, 2, 1, 0));
    double[] mean = new double[3];
    for (int i = 0; i < 3; i++) mean[i] = (first.p().share(i) + second.p().share(i)) / 2;
    assertArrayEquals(mean, second.state().vector("average"), 1e-15);
  }

  @Test
  void aGroupThatLostAllComesBackBySmoothing() {
    Mixer mixer = doge(Map.of("mu", 1e-6));
    Decision decided = mixer.start(Proportions.of(1, 0, 0));
    for (int t = 0; t < 3; t++) decided = fold(mixer, decided, sums(1e-3, 0, 2, 1));
    assertTrue(decided.p().share(1) > 0.9, decided.toString());
    var parity = doge(Map.of("mu", 1e-6, "smoothing", 0));
    decided = fold(parity, parity.start(Proportions.of(1, 0, 0)), sums(1e-3, 0, 2, 1));
    assertEquals(Proportions.of(1, 0, 0), decided.p());
  }

  @Test
  void aConstantAddedToEverySumChangesNothing() {
    Mixer mixer = doge(Map.of("mu", 1e-3, "dwMin", -1e6, "dwMax", 1e6));
    for (int seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      Decision start = mixer.start(MixersUnderTest.proportions(random, 3));
      double[] sums = random.doubles(3, -2, 2).toArray();
      double by = random.nextDouble(-50, 50);
      double[] shifted = Arrays.stream(sums).map(s -> s + by).toArray();
      assertArrayEquals(
          fold(mixer, start, sums(1e-3, sums)).p().toArray(),
          fold(mixer, start, sums(1e-3, shifted)).p().toArray(),
          1e-12,
          "seed " + seed);
    }
  }

  @Test
  void moreThanSixtyFourGroupsAreRefusedWithTheReason() {
    assertEquals("doge", MixersUnderTest.create(new MixerSpec("doge", Map.of()), 64).name());
    var refusal =
        assertThrows(
            Refusal.class, () -> MixersUnderTest.create(new MixerSpec("doge", Map.of()), 65));
    assertTrue(
        refusal.detail().contains("64") && refusal.detail().contains("inner products"),
        refusal.detail());
  }
}
