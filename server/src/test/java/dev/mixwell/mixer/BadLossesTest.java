package dev.mixwell.mixer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.proof.Proof;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Feedback that no reader of requests would let through leaves every mixer on the simplex, and not
 * deaf to what follows.
 */
class BadLossesTest {
  private static final int EVENTS = 12;
  private static final double[] BAD = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -1,
    -1e300,
    1e300,
    Double.MAX_VALUE,
    Double.MIN_VALUE,
    1e-310,
    0,
    -0.0,
    710,
    1e9
  };
  private static final long[] COUNTS = {0, 1, 2, 4096, Long.MAX_VALUE, -1, Long.MIN_VALUE};

  @Test
  void proportionsStayFiniteAndOnTheSimplexForAnyMixer() {
    for (int i = 0; i < MixersUnderTest.specs(1).size(); i++) {
      int place = i;
      String label = MixersUnderTest.label(MixersUnderTest.specs(1).get(i));
      try (var proof = new Proof("bad-losses " + label, 10_000, 1_000_000)) {
        for (int seed : proof.seeds()) proof.check("seed " + seed, () -> survives(place, seed));
      }
    }
  }

  @Test
  void oneSpikeDoesNotHideTheLossesAfterIt() {
    var mixer = MixersUnderTest.create(new MixerSpec("odm", Map.of("variant", "reference")), 2);
    Decision decided = mixer.start(null);
    decided =
        mixer.fold(
            decided.state(),
            new Observation(1, decided.p(), new double[] {1e300, 2}, new long[] {1, 1}));
    for (int t = 2; t <= 40; t++)
      decided =
          mixer.fold(
              decided.state(),
              new Observation(t, decided.p(), new double[] {2, 4}, new long[] {1, 1}));
    assertTrue(decided.p().share(1) > decided.p().share(0), decided.toString());
  }

  /**
   * @param place of the mixer's specification among those under test
   */
  private static void survives(int place, int seed) {
    var random = new SplittableRandom(seed);
    int groups = random.nextInt(1, 7);
    Mixer mixer = MixersUnderTest.create(MixersUnderTest.specs(groups).get(place), groups);
    Decision decided = mixer.start(random.nextBoolean() ? null : bad(random, groups));
    for (int event = 0; event < EVENTS; event++) {
      long t = random.nextInt(20) == 0 ? Integer.MAX_VALUE : event + 1;
      Proportions q = random.nextInt(3) == 0 ? bad(random, groups) : decided.p();
      Decision after = mixer.fold(decided.state(), bad(random, t, q));
      assertTrue(Proportions.onSimplex(after.p().toArray()), after::toString);
      decided = after;
      if (decided.lossWeights() != null) assertFinite(decided.lossWeights(), decided);
      for (double[] vector : decided.state().toMap().values()) assertFinite(vector, decided);
    }
    if (decided.state().toMap().containsKey("p") && decided.lossWeights() == null)
      assertArrayEquals(decided.p().toArray(), decided.state().vector("p"));
  }

  private static void assertFinite(double[] numbers, Decision decided) {
    for (double x : numbers) assertTrue(Double.isFinite(x), decided::toString);
  }

  private static Observation bad(SplittableRandom random, long t, Proportions q) {
    double[] lossSum = bad(random, q);
    long[] tokens = new long[q.size()];
    boolean[] seen = new boolean[q.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = COUNTS[random.nextInt(COUNTS.length)];
      seen[i] = random.nextInt(4) > 0;
    }
    double rate = random.nextInt(3) == 0 ? 1e-3 : BAD[random.nextInt(BAD.length)];
    var alignment = new Alignment(rate, bad(random, q), bad(random, q), bad(random, q), seen);
    return MixersUnderTest.observation(
        t, q, lossSum, tokens, random.nextInt(8) == 0 ? null : alignment);
  }

  private static double[] bad(SplittableRandom random, Proportions q) {
    double[] numbers = new double[q.size()];
    for (int i = 0; i < numbers.length; i++)
      numbers[i] =
          random.nextInt(3) == 0 ? random.nextDouble(0, 9) : BAD[random.nextInt(BAD.length)];
    return numbers;
  }

  /** Proportions at the simplex's edge: shares of 0 and subnormal ones. */
  private static Proportions bad(SplittableRandom random, int groups) {
    double[] weights = new double[groups];
    for (int i = 0; i < groups; i++)
      weights[i] = random.nextInt(3) == 0 ? 0 : StrictMath.pow(10, random.nextInt(-320, 1));
    weights[random.nextInt(groups)] = 1;
    return Proportions.normalised(weights);
  }
}
