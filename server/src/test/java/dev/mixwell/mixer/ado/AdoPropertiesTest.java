package dev.mixwell.mixer.ado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.Json;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerPropertiesTest;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.proof.Proof;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What {@link MixerPropertiesTest} cannot reach in its few steps: ADO once it has laws. The rule is
 * tried with random laws, and the whole of it with losses that it fits laws to.
 */
final class AdoPropertiesTest {
  private static final int STEPS = 24;
  private static final int FITTED_STEPS = 260;

  @Test
  void theRuleHoldsForAnyLaws() {
    try (var proof = new Proof("ado-rule", 300, 100_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> rule(seed));
    }
  }

  /** One run through, one restored from its record at a random step, one of permuted groups. */
  private static void rule(int seed) {
    var random = new SplittableRandom(seed);
    int groups = random.nextInt(1, 9);
    Proportions prior = MixersUnderTest.proportions(random, groups);
    int[] order = permutation(random, groups);
    boolean isSame = random.nextBoolean();
    var laws = new TreeMap<Integer, ScalingLaw>();
    var permutedLaws = new TreeMap<Integer, ScalingLaw>();
    Ado mixer = new Ado(rule(prior, isSame), (seen, n) -> copy(laws));
    Ado other =
        new Ado(
            rule(Proportions.of(permuted(prior.toArray(), order)), isSame),
            (seen, n) -> copy(permutedLaws));
    int cut = random.nextInt(1, STEPS);
    Decision through = mixer.start(null);
    Decision restored = through;
    Decision permuted = other.start(null);
    for (int t = 1; t <= STEPS; t++) {
      laws.clear();
      permutedLaws.clear();
      for (int i = 0; i < groups; i++) if (random.nextInt(4) > 0) laws.put(i, law(random));
      for (int i = 0; i < groups; i++)
        if (laws.containsKey(order[i])) permutedLaws.put(i, laws.get(order[i]));
      double[] losses = new double[groups];
      long[] rows = new long[groups];
      for (int i = 0; i < groups; i++) {
        losses[i] = random.nextInt(3) == 0 ? Double.NaN : random.nextDouble(0.1, 9);
        rows[i] = random.nextInt(20);
      }
      Observation seen = observation(t, through.p(), losses, rows);
      through = mixer.fold(through.state(), seen);
      if (t == cut) restored = new Decision(recorded(restored.state()), restored.p());
      restored = mixer.fold(restored.state(), seen);
      permuted =
          other.fold(
              permuted.state(),
              observation(t, permuted.p(), permuted(losses, order), permuted(rows, order)));
      assertValid(through);
      assertEquals(through.state(), restored.state());
      assertEquals(through.p(), restored.p());
      assertArrayEquals(
          permuted(through.p().toArray(), order), permuted.p().toArray(), 1e-12, "t " + t);
    }
  }

  private static Ado.Rule rule(Proportions prior, boolean isSame) {
    return Ado.Rule.usual(prior, 5, 3, isSame);
  }

  private static SortedMap<Integer, ScalingLaw> copy(SortedMap<Integer, ScalingLaw> laws) {
    return new TreeMap<>(laws);
  }

  /** Some beyond what a fit could find, or a double hold. */
  private static ScalingLaw law(SplittableRandom random) {
    return switch (random.nextInt(12)) {
      case 0 -> new ScalingLaw(1e3, 1, 0.3);
      case 1 -> new ScalingLaw(-1e3, -1e3, 0.3);
      case 2 -> new ScalingLaw(1, 1, -3);
      case 3 -> new ScalingLaw(1, 1, 300);
      case 4 -> new ScalingLaw(Double.NaN, 1, 0.3);
      default ->
          new ScalingLaw(
              random.nextDouble(-2, 6), random.nextDouble(-2, 2), random.nextDouble(0, 0.8));
    };
  }

  @Test
  void aRunThatFitsIsTheSameInterruptedAnywhereAndInAnyOrderOfGroups() {
    try (var proof = new Proof("ado-fitted-runs", 5, 100)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> fittedRun(seed));
    }
  }

  private static void fittedRun(int seed) {
    var random = new SplittableRandom(seed);
    int groups = random.nextInt(1, 6);
    MixerSpec spec = fitting(random);
    int[] order = permutation(random, groups);
    Mixer mixer = MixersUnderTest.create(spec, groups);
    Mixer other = Mixers.create(spec, MixersUnderTest.context(order));
    var history = new Curves.Remembered();
    var permutedHistory = new Curves.Remembered();
    ScalingLaw[] truths = truths(random, groups);
    int cut = random.nextInt(1, FITTED_STEPS);
    Decision through = mixer.start(null);
    Decision restored = through;
    Decision permuted = other.start(null);
    for (int t = 1; t <= FITTED_STEPS; t++) {
      double[] losses = losses(random, truths, t);
      long[] rows = new long[groups];
      Arrays.setAll(rows, i -> random.nextInt(20));
      Observation seen = history.add(through.p(), losses, rows);
      through = mixer.fold(through.state(), seen);
      if (t == cut) {
        mixer = MixersUnderTest.create(spec, groups);
        restored = new Decision(recorded(restored.state()), restored.p());
      }
      restored = mixer.fold(restored.state(), seen);
      permuted =
          other.fold(
              permuted.state(),
              permutedHistory.add(permuted.p(), permuted(losses, order), permuted(rows, order)));
      assertValid(through);
      assertEquals(through.state(), restored.state());
      assertArrayEquals(
          permuted(through.p().toArray(), order), permuted.p().toArray(), 1e-12, "t " + t);
    }
    assertEquals(1, through.state().vector("fitted")[0], "has a law");
  }

  /** With its first fit soon. */
  private static MixerSpec fitting(SplittableRandom random) {
    return new MixerSpec(
        "ado",
        Map.of(
            "ignoreSteps",
            random.nextInt(20),
            "startStep",
            220,
            "updateInterval",
            10 + random.nextInt(20),
            "sameStepSize",
            random.nextBoolean(),
            "stride",
            1 + random.nextInt(10),
            "smoothingWindow",
            1 + 2 * random.nextInt(51),
            "minE",
            random.nextInt(-3, 1)));
  }

  private static ScalingLaw[] truths(SplittableRandom random, int groups) {
    var truths = new ScalingLaw[groups];
    for (int i = 0; i < groups; i++)
      truths[i] =
          new ScalingLaw(
              random.nextDouble(0, 4), random.nextDouble(-1, 1), random.nextDouble(0.1, 0.7));
    return truths;
  }

  private static double[] losses(SplittableRandom random, ScalingLaw[] truths, int t) {
    double[] losses = new double[truths.length];
    for (int i = 0; i < losses.length; i++)
      losses[i] =
          i > 0 && random.nextInt(8) == 0 // a fit falls out where nothing is seen
              ? Double.NaN
              : truths[i].loss(10.0 * t) * random.nextDouble(0.95, 1.05);
    return losses;
  }

  private static void assertValid(Decision decided) {
    assertTrue(Proportions.onSimplex(decided.p().toArray()), decided::toString);
    for (double[] vector : decided.state().toMap().values())
      for (double x : vector) assertTrue(Double.isFinite(x), decided::toString);
  }

  private static Observation observation(long t, Proportions q, double[] losses, long[] rows) {
    double[] lossSum = losses.clone();
    long[] tokens = new long[losses.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = Double.isNaN(losses[i]) ? 0 : 1;
      if (Double.isNaN(losses[i])) lossSum[i] = 0;
    }
    return new Observation(t, q, lossSum, tokens, rows, null, LossHistory.NONE);
  }

  private static MixerState recorded(MixerState state) {
    var vectors = new TreeMap<String, double[]>();
    Json.tree(Json.writeBytes(state.toMap()))
        .properties()
        .forEach(e -> vectors.put(e.getKey(), Json.convert(e.getValue(), double[].class)));
    return MixerState.of(vectors);
  }

  private static int[] permutation(SplittableRandom random, int groups) {
    int[] order = new int[groups];
    for (int i = 0; i < groups; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static double[] permuted(double[] values, int[] order) {
    double[] moved = new double[values.length];
    for (int i = 0; i < order.length; i++) moved[i] = values[order[i]];
    return moved;
  }

  private static long[] permuted(long[] values, int[] order) {
    long[] moved = new long[values.length];
    for (int i = 0; i < order.length; i++) moved[i] = values[order[i]];
    return moved;
  }
}
