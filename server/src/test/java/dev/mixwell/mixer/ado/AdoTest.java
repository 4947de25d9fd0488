package dev.mixwell.mixer.ado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AdoTest {
  private static final Proportions PRIOR = Proportions.of(0.2, 0.3, 0.5);
  private static final ScalingLaw STEEP = new ScalingLaw(3, 0.7, 0.5);
  private static final ScalingLaw FLAT = new ScalingLaw(1, 0.9, 0.1);
  private static final long[] ROWS = {4, 4, 8};

  private static Ado ado(boolean sameStepSize, SortedMap<Integer, ScalingLaw> laws) {
    var rule = Ado.Rule.usual(PRIOR, 4, 2, sameStepSize);
    return new Ado(rule, (seen, n) -> laws);
  }

  private static SortedMap<Integer, ScalingLaw> laws(ScalingLaw... laws) {
    var byGroup = new TreeMap<Integer, ScalingLaw>();
    for (ScalingLaw law : laws) byGroup.put(byGroup.size(), law);
    return byGroup;
  }

  private static Observation step(long t, double... losses) {
    long[] tokens = new long[losses.length];
    for (int i = 0; i < tokens.length; i++) tokens[i] = losses[i] > 0 ? 1 : 0;
    return new Observation(t, PRIOR, losses, tokens, ROWS, null, LossHistory.NONE);
  }

  private static Decision train(Ado mixer, Decision from, long first, long last) {
    Decision decided = from;
    for (long t = first; t <= last; t++) decided = mixer.fold(decided.state(), step(t, 3, 4, 5));
    return decided;
  }

  @Test
  void waitsForTrainingLossesAndStartsFromThePriorOrTheCurrentProportions() {
    Ado mixer = ado(true, laws());
    assertEquals(FeedbackKind.TRAIN, mixer.awaits());
    assertEquals(new Phase.Online(), mixer.phase(0));
    assertEquals(PRIOR, mixer.start(null).p());
    var current = Proportions.of(0.6, 0.3, 0.1);
    Decision start = mixer.start(current);
    assertEquals(current, start.p());
    assertEquals(current, train(mixer, start, 1, 9).p(), "no law, no move");
  }

  @Test
  void thePriorIsServedUntilTheFirstFitOfAMultipleOfTheInterval() {
    Ado mixer = ado(true, laws(STEEP, FLAT, FLAT));
    Decision decided = mixer.start(null);
    for (long t = 1; t <= 4; t++) {
      decided = mixer.fold(decided.state(), step(t, 3, 4, 5));
      assertEquals(PRIOR, decided.p());
    }
    decided = mixer.fold(decided.state(), step(5, 3, 4, 5)); // 0-based: 4
    assertTrue(decided.p().share(0) > PRIOR.share(0), decided.toString());
  }

  @Test
  void aFitDueWhenNothingWasSeenWaitsForTheNextMultiple() {
    Ado mixer = ado(true, laws(STEEP, FLAT, FLAT));
    Decision decided = train(mixer, mixer.start(null), 1, 4);
    decided = mixer.fold(decided.state(), step(5, 0, 0, 0));
    decided = mixer.fold(decided.state(), step(6, 3, 4, 5));
    assertEquals(PRIOR, decided.p());
    decided = mixer.fold(decided.state(), step(7, 3, 4, 5));
    assertTrue(decided.p().share(0) > PRIOR.share(0), decided.toString());
  }

  /** Written out once more, from the equations. */
  @Test
  void thePreferenceIsPriorTimesCreditTimesSlope() {
    Ado mixer = ado(true, laws(STEEP, FLAT, FLAT));
    Decision before = train(mixer, mixer.start(null), 1, 4);
    Decision after = mixer.fold(before.state(), step(5, 3, 4, 5));
    double[] h = PRIOR.toArray();
    for (int t = 0; t < 5; t++) for (int i = 0; i < 3; i++) h[i] = 0.9 * h[i] + 0.1 * ROWS[i] / 16;
    assertArrayEquals(h, after.state().vector("h"), 1e-15);
    double n = 5 * 16;
    double[] rho = new double[3];
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      ScalingLaw law = i == 0 ? STEEP : FLAT;
      double slope = law.alpha() * Math.exp(law.a()) * Math.pow(n, -law.alpha()) / n;
      sum += rho[i] = PRIOR.share(i) * Math.sqrt(h[i]) * slope;
    }
    for (int i = 0; i < 3; i++) {
      rho[i] /= sum;
      assertTrue(rho[i] > 0.01, "not clipped");
      assertEquals(0.9 * PRIOR.share(i) + 0.1 * rho[i], after.p().share(i), 1e-12);
      assertEquals(
          0.8 * PRIOR.share(i) + 0.2 * rho[i], after.state().vector("pAvg")[i], 1e-12, "t = 5");
    }
  }

  @Test
  void aLeastShareIsKeptInThePreferenceNotInP() {
    var prior = Proportions.of(0.001, 0.499, 0.5);
    var rule = Ado.Rule.usual(prior, 4, 2, true);
    var mixer = new Ado(rule, (seen, n) -> laws(FLAT, FLAT, FLAT));
    Decision decided = train(mixer, mixer.start(prior), 1, 5);
    double rho = (decided.p().share(0) - 0.9 * 0.001) / 0.1;
    assertTrue(rho <= 0.01 && rho >= 0.01 / 1.01, "raised, then divided by the sum: " + rho);
    assertEquals(0.8 * 0.001 + 0.2 * rho, decided.state().vector("pAvg")[0], 1e-15);
  }

  @Test
  void anExponentBelowTheFloorCountsAsTheFloor() {
    double n = 1e6;
    var rising = new ScalingLaw(1, 1, -0.2);
    assertEquals(0.05 * rising.reducible(n) / n, rising.slope(n, 0.05), 1e-18);
    assertEquals(0.5 * STEEP.reducible(n) / n, STEEP.slope(n, 0.05), 1e-18);
  }

  @Test
  void eachGroupsStepsAreTheBatchesOrItsOwn() {
    Decision same = train(ado(true, laws()), ado(true, laws()).start(null), 1, 10);
    assertArrayEquals(new double[] {160}, same.state().vector("n"));
    Decision own = train(ado(false, laws()), ado(false, laws()).start(null), 1, 10);
    assertArrayEquals(new double[] {40, 40, 80}, own.state().vector("n"));
  }

  @Test
  void anAbsentGroupKeepsItsLossAndAtFirstHasTheBatchs() {
    Ado mixer = ado(true, laws());
    Decision first = mixer.fold(mixer.start(null).state(), step(1, 3, 0, 6));
    assertArrayEquals(
        new double[] {3, (4 * 3 + 8 * 6) / 12.0, 6}, first.state().vector("loss"), 1e-15);
    Decision second = mixer.fold(first.state(), step(2, 0, 4, 0));
    assertArrayEquals(new double[] {3, 4, 6}, second.state().vector("loss"));
    var bad = new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY};
    var seen = new Observation(3, PRIOR, bad, new long[] {1, 1, 1}, ROWS, null, LossHistory.NONE);
    assertEquals(second.state(), mixer.fold(second.state(), seen).state(), "nothing usable");
  }

  @Test
  void anInvalidFitKeepsAllLaws() {
    var laws = laws(STEEP, FLAT, FLAT);
    Ado mixer = ado(true, laws);
    Decision fitted = train(mixer, mixer.start(null), 1, 6);
    laws.put(0, FLAT);
    laws.put(1, new ScalingLaw(Double.NaN, 1, 1));
    Decision after = mixer.fold(fitted.state(), step(7, 3, 4, 5));
    for (String name : List.of("a", "e", "alpha", "fitted"))
      assertArrayEquals(fitted.state().vector(name), after.state().vector(name), name);
    laws.put(1, STEEP);
    after = mixer.fold(after.state(), step(9, 3, 4, 5));
    assertArrayEquals(new double[] {1, 3, 1}, after.state().vector("a"));
  }

  @Test
  void aLawThatLeavesTheRangeOfDoublesHoldsP() {
    var laws = laws(STEEP, FLAT, FLAT);
    Ado mixer = ado(true, laws);
    Decision fitted = train(mixer, mixer.start(null), 1, 6);
    laws.put(2, new ScalingLaw(1e6, 1, 0.5));
    Decision held = mixer.fold(fitted.state(), step(7, 3, 4, 5));
    assertEquals(fitted.p(), held.p());
    laws.put(2, FLAT);
    assertTrue(mixer.fold(held.state(), step(9, 3, 4, 5)).p().share(0) > held.p().share(0));
  }

  /** Nothing is known against it; the others share what it leaves. */
  @Test
  void aGroupWithoutALawHasItsPriorShare() {
    Ado mixer = ado(true, laws(STEEP, FLAT));
    Decision decided = train(mixer, mixer.start(null), 1, 1_000);
    assertEquals(0.5, decided.p().share(2), 1e-12);
    assertTrue(decided.p().share(0) > 0.21, decided.toString());
  }

  @Test
  void oneGroupHasEverything() {
    var rule = Ado.Rule.usual(Proportions.of(1.0), 4, 2, true);
    var mixer = new Ado(rule, (seen, n) -> laws(STEEP));
    Decision decided = mixer.start(null);
    for (long t = 1; t <= 20; t++)
      decided =
          mixer.fold(
              decided.state(),
              new Observation(t, Proportions.of(1.0), new double[] {2}, new long[] {1}));
    assertArrayEquals(new double[] {1}, decided.p().toArray());
  }

  /** The paper's aim, on losses made of laws: the fit finds them, and p moves to the steepest. */
  @Test
  void proportionsMoveToTheGroupWhoseLossFallsFastest() {
    ScalingLaw[] truths = {
      new ScalingLaw(4, 0.8, 0.45), new ScalingLaw(2, 0.8, 0.3), new ScalingLaw(0.5, 0.8, 0.2)
    };
    var parameters =
        Map.<String, Object>of(
            "prior", "uniform", "ignoreSteps", 100, "startStep", 600, "updateInterval", 300);
    var mixer = MixersUnderTest.create(new MixerSpec("ado", parameters), 3);
    var random = new SplittableRandom(5);
    var history = new Curves.Remembered();
    Decision decided = mixer.start(null);
    for (int t = 1; t <= 1_000; t++) {
      double[] losses = new double[3];
      for (int i = 0; i < 3; i++)
        losses[i] = truths[i].loss(64.0 * t) + 0.01 * random.nextDouble(-1, 1);
      decided =
          mixer.fold(decided.state(), history.add(decided.p(), losses, new long[] {20, 20, 24}));
      if (t <= 600) assertEquals(Proportions.uniform(3), decided.p());
    }
    var state = decided.state();
    double[] slopes = new double[3];
    for (int i = 0; i < 3; i++) {
      var law =
          new ScalingLaw(state.vector("a")[i], state.vector("e")[i], state.vector("alpha")[i]);
      for (double n : new double[] {20_000, 64_000})
        assertEquals(truths[i].loss(n), law.loss(n), 0.005, i + ": " + law);
      slopes[i] = law.slope(64_000, 0.05);
    }
    assertEquals(truths[0].slope(64_000, 0), slopes[0], 0.1 * slopes[0]);
    assertTrue(slopes[0] > slopes[1] && slopes[1] > slopes[2], decided.toString());
    assertTrue(decided.p().share(0) > decided.p().share(1), decided.toString());
    assertTrue(decided.p().share(1) > decided.p().share(2), decided.toString());
  }

  @Test
  void thePriorIsTheTokensOrUniformOrGiven() {
    assertEquals(
        Proportions.normalised(1, 2, 3), create(Map.of()).start(null).p()); // thousands of tokens
    assertEquals(Proportions.uniform(3), create(Map.of("prior", "uniform")).start(null).p());
    var weights = Map.<String, Object>of("a", 1, "b", 0, "c", 3);
    assertEquals(Proportions.of(0.25, 0, 0.75), create(Map.of("weights", weights)).start(null).p());
    var empty = new MixerContext(1, List.of("a"), new long[1], 8, 8, 0);
    assertThrows(Refusal.class, () -> Mixers.create(new MixerSpec("ado", Map.of()), empty));
  }

  @Test
  void settingsThatCannotBeFittedAreRefused() {
    List<Map<String, Object>> refused =
        List.of(
            Map.of("ignoreSteps", 500, "startStep", 699),
            Map.of("stride", 50, "startStep", 1_949),
            Map.of("ignoreSteps", 0, "startStep", 200, "smoothingWindow", 501),
            Map.of("smoothingWindow", 100),
            Map.of("smoothingWindow", 5, "smoothingOrder", 5),
            Map.of("minShare", 0.34),
            Map.of("maxPoints", 19),
            Map.of("minAlpha", 0.5, "maxAlpha", 0.5),
            Map.of("prior", "uniform", "weights", Map.of("a", 1, "b", 1, "c", 1)),
            Map.of("prior", "weights"));
    for (var parameters : refused)
      assertThrows(Refusal.class, () -> create(parameters), parameters::toString);
    create(Map.of("ignoreSteps", 500, "startStep", 700));
    create(Map.of("stride", 50, "startStep", 1_950));
    create(Map.of("smoothingWindow", 1));
  }

  private static Mixer create(Map<String, Object> parameters) {
    return MixersUnderTest.create(new MixerSpec("ado", parameters), 3);
  }
}
