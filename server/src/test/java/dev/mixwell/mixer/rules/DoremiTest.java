package dev.mixwell.mixer.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DoremiTest {
  private static final Proportions CURRENT = Proportions.of(0.1, 0.2, 0.7);
  private static final Map<String, Object> REFERENCE = Map.of("a", 2, "b", 1, "c", 1);

  private static Mixer doremi(Map<String, Object> parameters) {
    return MixersUnderTest.create(new MixerSpec("doremi", parameters), 3);
  }

  /** NaN for a group that was not seen. */
  private static Decision fold(Mixer mixer, Decision before, double... excess) {
    long[] tokens = new long[excess.length];
    for (int i = 0; i < tokens.length; i++) tokens[i] = Double.isNaN(excess[i]) ? 0 : 2;
    double[] sums = Arrays.stream(excess).map(e -> 2 * e).toArray();
    return mixer.fold(before.state(), new Observation(1, before.p(), sums, tokens));
  }

  @Test
  void waitsForTheExcessOverTheReferenceModel() {
    assertEquals(FeedbackKind.EXCESS, doremi(Map.of()).awaits());
    assertEquals(FeedbackKind.EXCESS, doremi(Map.of("variant", "reference")).awaits());
    assertEquals(FeedbackKind.DIFFERENCE, doremi(Map.of("variant", "aioli")).awaits());
    assertEquals(new Phase.Online(), doremi(Map.of()).phase(0));
  }

  @Test
  void startsFromTheReferenceWeightsOrUniform() {
    Decision start = doremi(Map.of("referenceWeights", REFERENCE)).start(null);
    assertEquals(Proportions.of(0.5, 0.25, 0.25), start.p());
    assertArrayEquals(new double[] {0.5, 0.25, 0.25}, start.state().vector("p"));
    assertEquals(Proportions.uniform(3), doremi(Map.of()).start(null).p());
  }

  @Test
  void continuesFromTheCurrentProportionsAndSamplesFromThemWithoutReferenceWeights() {
    Decision start = doremi(Map.of()).start(CURRENT);
    assertEquals(CURRENT, start.p());
    assertArrayEquals(new double[] {1, 1, 1}, start.lossWeights());
    Decision weighed = doremi(Map.of("referenceWeights", REFERENCE)).start(CURRENT);
    assertEquals(Proportions.of(0.5, 0.25, 0.25), weighed.p());
    assertArrayEquals(new double[] {0.1 / 0.5, 0.2 / 0.25, 0.7 / 0.25}, weighed.lossWeights());
  }

  @Test
  void whatIsSampledStaysAndTheLossWeightsMove() {
    Mixer mixer = doremi(Map.of("referenceWeights", REFERENCE));
    Decision decided = fold(mixer, mixer.start(null), 1, 0, 0);
    assertEquals(Proportions.of(0.5, 0.25, 0.25), decided.p());
    double[] p = decided.state().vector("p");
    assertTrue(p[0] > 0.7, Arrays.toString(p));
    assertArrayEquals(new double[] {p[0] / 0.5, p[1] / 0.25, p[2] / 0.25}, decided.lossWeights());
  }

  @Test
  void proportionsAreSampledIfThatIsAskedFor() {
    Mixer mixer = doremi(Map.of("sampling", "proportions", "referenceWeights", REFERENCE));
    Decision decided = fold(mixer, mixer.start(null), 1, 0, 0);
    assertArrayEquals(decided.state().vector("p"), decided.p().toArray());
    assertNull(decided.lossWeights());
  }

  @Test
  void theWeightOfAGroupThatIsNeverSampledIsZero() {
    Mixer mixer = doremi(Map.of("referenceWeights", Map.of("a", 1, "b", 1e-320, "c", 0)));
    Decision decided = fold(mixer, mixer.start(null), 1, 0, 0);
    assertTrue(decided.state().vector("p")[2] > 0);
    assertArrayEquals(new double[] {0, 0}, Arrays.copyOfRange(decided.lossWeights(), 1, 3));
  }

  @Test
  void aGroupThatWasNotSeenScoresNothingOrItsLastExcessAgain() {
    var paper = doremi(Map.of("smoothing", 0, "sampling", "proportions"));
    Decision decided = fold(paper, fold(paper, paper.start(null), 1, 0, 0), Double.NaN, 0, 0);
    assertEquals(StrictMath.exp(1), decided.p().share(0) / decided.p().share(1), 1e-12);
    var code =
        doremi(
            Map.of(
                "variant",
                "reference",
                "smoothing",
                0,
                "sampling",
                "proportions",
                "initialExcess",
                3));
    decided = fold(code, fold(code, code.start(null), 1, 0, Double.NaN), Double.NaN, 0, 0.5);
    assertEquals(StrictMath.exp(2), decided.p().share(0) / decided.p().share(1), 1e-12);
    assertEquals(StrictMath.exp(3.5), decided.p().share(2) / decided.p().share(1), 1e-12);
    assertArrayEquals(new double[] {1, 0, 0.5}, decided.state().vector("lambda"));
  }

  @Test
  void aioliClipsAfterTheMeanAndTakesNoDifferenceForAbsence() {
    Mixer mixer = doremi(Map.of("variant", "aioli"));
    Decision decided = fold(mixer, mixer.start(null), 0.5, -2, 0);
    assertArrayEquals(new double[] {0.5, 0, 1e-6}, decided.state().vector("lambda"));
    decided = fold(mixer, decided, 0, 0, 0.25);
    assertArrayEquals(new double[] {0.5, 0, 0.25}, decided.state().vector("lambda"));
  }

  @Test
  void theAverageIsOfTheStepsAndInTheShippedCodeOfTheStartToo() {
    for (String variant : new String[] {"paper", "reference", "aioli"}) {
      Mixer mixer = doremi(Map.of("variant", variant, "sampling", "proportions"));
      Decision start = mixer.start(CURRENT);
      assertArrayEquals(CURRENT.toArray(), start.state().vector("average"));
      Decision first = fold(mixer, start, 3, 1, 0.5);
      Decision second = fold(mixer, first, 0.1, 2, 0.5);
      boolean isStartCounted = variant.equals("reference");
      double[] mean = new double[3];
      for (int i = 0; i < 3; i++)
        mean[i] =
            isStartCounted
                ? (CURRENT.share(i) + first.p().share(i) + second.p().share(i)) / 3
                : (first.p().share(i) + second.p().share(i)) / 2;
      assertArrayEquals(mean, second.state().vector("average"), 1e-15, variant);
      assertEquals(isStartCounted ? 3 : 2, second.state().scalar("count"));
    }
  }

  @Test
  void aConstantAddedToEveryExcessChangesNothing() {
    Mixer mixer = doremi(Map.of());
    for (int seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      Decision start = mixer.start(MixersUnderTest.proportions(random, 3));
      double[] excess = random.doubles(3, 0, 3).toArray();
      double by = random.nextDouble(0, 50);
      double[] shifted = Arrays.stream(excess).map(e -> e + by).toArray();
      assertArrayEquals(
          fold(mixer, start, excess).state().vector("p"),
          fold(mixer, start, shifted).state().vector("p"),
          1e-12,
          "seed " + seed);
    }
  }

  @Test
  void anExcessBeyondAllMeasureLeavesTheStateForTheNext() {
    for (String variant : new String[] {"paper", "reference", "aioli"}) {
      Mixer mixer = doremi(Map.of("variant", variant, "eta", 1000));
      Decision start = mixer.start(null);
      Decision after = fold(mixer, start, Double.MAX_VALUE / 4, 1, 1);
      assertEquals(start.state(), after.state());
    }
  }
}
