package dev.mixwell.mixer.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SkillItTest {
  /** Training on a helps b much and c a little; b helps a; c helps only itself. */
  private static final List<List<Double>> GRAPH =
      List.of(List.of(0.4, 0.3, 0.1), List.of(0.2, 0.5, 0.0), List.of(0.0, 0.0, 0.6));

  private static final Proportions CURRENT = Proportions.of(0.1, 0.2, 0.7);

  private static Mixer skillIt(Map<String, Object> parameters) {
    var all = new TreeMap<String, Object>(Map.of("graph", GRAPH));
    all.putAll(parameters);
    return MixersUnderTest.create(new MixerSpec("skill-it", all), 3);
  }

  private static Decision fold(Mixer mixer, Decision before, double... losses) {
    long[] tokens = new long[losses.length];
    for (int i = 0; i < tokens.length; i++) tokens[i] = losses[i] == 0 ? 0 : 1;
    return mixer.fold(before.state(), new Observation(1, before.p(), losses, tokens));
  }

  private static double[] shares(double... exponents) {
    return Softmax.of(exponents);
  }

  @Test
  void startsWithTheGroupsThatHelpMost() {
    Decision start = skillIt(Map.of("eta", 2)).start(null);
    assertArrayEquals(shares(2 * 0.8, 2 * 0.7, 2 * 0.6), start.p().toArray(), 1e-15);
  }

  @Test
  void groupsThatHelpWhereLossesAreHighGain() {
    Mixer mixer = skillIt(Map.of("eta", 1));
    Decision decided = fold(mixer, mixer.start(null), 1, 10, 2);
    assertArrayEquals(shares(0.4 + 3 + 0.2, 0.2 + 5, 1.2), decided.p().toArray(), 1e-15);
  }

  @Test
  void onlyTheLastEvaluationsCountAndFromUniform() {
    double[][] losses = {{9, 8, 7}, {1, 2, 3}, {3, 1, 2}, {2, 2, 2}};
    for (int window : new int[] {1, 2, 3, 4, 0}) {
      Mixer mixer = skillIt(Map.of("window", window));
      Decision decided = mixer.start(CURRENT);
      for (double[] l : losses) decided = fold(mixer, decided, l);
      double[] sum = new double[3];
      for (int k = window == 0 ? 0 : losses.length - window; k < losses.length; k++)
        for (int i = 0; i < 3; i++) sum[i] += losses[k][i];
      Mixer one = skillIt(Map.of("window", 1));
      assertArrayEquals(
          fold(one, one.start(null), sum).p().toArray(), decided.p().toArray(), 1e-14);
      int kept = window == 0 ? 1 : window;
      assertEquals(3 * kept, decided.state().vector("losses").length);
    }
  }

  @Test
  void currentProportionsHoldUntilTheFirstEvaluation() {
    Mixer mixer = skillIt(Map.of());
    Decision start = mixer.start(CURRENT);
    assertEquals(CURRENT, start.p());
    assertEquals(fold(mixer, mixer.start(null), 1, 2, 3).p(), fold(mixer, start, 1, 2, 3).p());
  }

  @Test
  void anIncompleteEvaluationIsPassedOver() {
    Mixer mixer = skillIt(Map.of());
    Decision before = fold(mixer, mixer.start(null), 1, 2, 3);
    for (double[] losses :
        new double[][] {
          {0, 2, 3}, {1, 0, 0}, {0, 0, 0}, {1, Double.NaN, 1}, {1, 1, Double.POSITIVE_INFINITY}
        })
      assertEquals(before.state(), fold(mixer, before, losses).state(), Arrays.toString(losses));
  }

  @Test
  void roundsGoByTheEvaluationAtTheirFirstStep() {
    Mixer mixer = skillIt(Map.of("updateSteps", 100));
    assertEquals(FeedbackKind.VALIDATION, mixer.awaits());
    assertEquals(new Phase.Constant(), mixer.phase(0));
    assertEquals(new Phase.Constant(), mixer.phase(99));
    assertEquals(new Phase.AfterBoundary(100), mixer.phase(100));
    assertEquals(new Phase.AfterBoundary(300), mixer.phase(399));
    assertFalse(mixer.isBoundary(0));
    assertFalse(mixer.isBoundary(50));
    assertTrue(mixer.isBoundary(100));
  }

  @Test
  void evaluationsMayBeMoreOrFewerThanUpdates() {
    Mixer more = skillIt(Map.of("updateSteps", 100, "evaluateSteps", 30));
    assertTrue(more.isBoundary(30) && more.isBoundary(60) && more.isBoundary(100));
    assertEquals(new Phase.AfterBoundary(100), more.phase(100));
    Mixer fewer = skillIt(Map.of("updateSteps", 30, "evaluateSteps", 100));
    assertTrue(fewer.isBoundary(30) && fewer.isBoundary(100));
    assertEquals(new Phase.Constant(), fewer.phase(29));
    assertEquals(new Phase.AfterBoundary(90), fewer.phase(119));
  }

  @Test
  void theGraphIsReadByNameOrInOrderWithItsFalseOnesHalved() {
    var byName =
        Map.of(
            "a", Map.of("a", 1, "b", 1, "c", 0.1),
            "b", Map.of("a", 0.2, "b", 0.5, "c", 0),
            "c", Map.of("a", 0, "b", 0, "c", 0.6));
    var inOrder = List.of(List.of(1, 0.5, 0.1), List.of(0.2, 0.5, 0), List.of(0, 0, 0.6));
    assertEquals(
        skillIt(Map.of("graph", inOrder)).start(null).p(),
        skillIt(Map.of("graph", byName)).start(null).p());
  }

  @Test
  void aGraphThatDoesNotFitIsRefusedByName() {
    refused("missing", Map.of("eta", 1));
    refused("rows of numbers", Map.of("graph", "none"));
    refused("rows of numbers", Map.of("graph", List.of(1, 2, 3)));
    refused("2 entries", Map.of("graph", List.of(List.of(1, 2, 3), List.of(1, 2, 3))));
    refused("2 entries", Map.of("graph", List.of(List.of(1, 2), List.of(1, 2), List.of(1, 2))));
    refused("`d`", Map.of("graph", Map.of("a", List.of(1, 2, 3), "d", List.of(1, 2, 3))));
    refused(
        "row `b`, column `c`",
        Map.of("graph", List.of(List.of(1, 2, 3), List.of(1, 2, "x"), List.of(1, 2, 3))));
    refused(
        "row `a`, column `a`",
        Map.of("graph", List.of(List.of(Double.NaN, 2, 3), List.of(1, 2, 3), List.of(1, 2, 3))));
  }

  private static void refused(String says, Map<String, Object> parameters) {
    var spec = new MixerSpec("skill-it", parameters);
    var refusal = assertThrows(Refusal.class, () -> MixersUnderTest.create(spec, 3));
    assertTrue(
        refusal.detail().contains("`graph`") && refusal.detail().contains(says), refusal.detail());
  }

  /** As the columns of this graph weigh alike, so do shifted losses. */
  @Test
  void aConstantAddedToEveryLossChangesNothingWhereAllHelpAlike() {
    var graph = List.of(List.of(0.5, 0.3, 0.2), List.of(0.1, 0.8, 0.1), List.of(0.3, 0.3, 0.4));
    Mixer mixer = skillIt(Map.of("graph", graph));
    for (int seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      double[] losses = random.doubles(3, 1, 9).toArray();
      double by = random.nextDouble(0, 50);
      double[] shifted = Arrays.stream(losses).map(l -> l + by).toArray();
      assertArrayEquals(
          fold(mixer, mixer.start(null), losses).p().toArray(),
          fold(mixer, mixer.start(null), shifted).p().toArray(),
          1e-12,
          "seed " + seed);
    }
  }

  @Test
  void moreThanSixtyFourGroupsAreRefusedWithTheReason() {
    var spec = new MixerSpec("skill-it", Map.of("graph", List.of()));
    var refusal = assertThrows(Refusal.class, () -> MixersUnderTest.create(spec, 65));
    assertTrue(
        refusal.detail().contains("64") && refusal.detail().contains("pairs"), refusal.detail());
  }
}
