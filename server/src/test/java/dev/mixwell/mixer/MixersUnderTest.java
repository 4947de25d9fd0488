package dev.mixwell.mixer;

import dev.mixwell.api.MixerSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Every mixer with parameters that make it move, and random feedback for it. A new mixer adds its
 * lines to {@link #specs}.
 */
final class MixersUnderTest {
  private MixersUnderTest() {}

  /** At least one of each name; {@code static} weights are 1, 2, 3, ... */
  static List<MixerSpec> specs(int groups) {
    return List.of(
        new MixerSpec("static", Map.of("weights", weights(groups))),
        new MixerSpec("stratified", Map.of()),
        new MixerSpec("temperature", Map.of("exponent", 0.5)),
        new MixerSpec("odm", Map.of()),
        new MixerSpec("odm", Map.of("variant", "paper", "warmupSteps", 3, "updateFrequency", 2)),
        new MixerSpec("odm", Map.of("variant", "reference")),
        new MixerSpec("odm", Map.of("variant", "reference", "update", "single", "lossClip", 0)),
        new MixerSpec("odm", Map.of("variant", "exp3", "rewardDivisor", 1)));
  }

  /** Groups named a, b, c, ... with 1,000, 2,000, 3,000, ... tokens. */
  static MixerContext context(int groups) {
    long[] tokens = new long[groups];
    for (int i = 0; i < groups; i++) tokens[i] = 1000L * (i + 1);
    return new MixerContext(7, names(groups), tokens, 64, 128, 4);
  }

  static Mixer create(MixerSpec spec, int groups) {
    return Mixers.create(spec, context(groups));
  }

  static List<String> names(int groups) {
    var names = new ArrayList<String>();
    for (int i = 0; i < groups; i++) names.add(Character.toString('a' + i));
    return names;
  }

  private static Map<String, Object> weights(int groups) {
    var weights = new TreeMap<String, Object>();
    for (String name : names(groups)) weights.put(name, weights.size() + 1);
    return weights;
  }

  /** Plausible losses of a random subset of the groups, in sums over some tokens. */
  static Observation feedback(SplittableRandom random, long t, Proportions q) {
    double[] lossSum = new double[q.size()];
    long[] tokens = new long[q.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(1, 5000);
      lossSum[i] = tokens[i] * random.nextDouble(0.1, 9);
    }
    return new Observation(t, q, lossSum, tokens);
  }

  /** A random point of the simplex, inside it. */
  static Proportions proportions(SplittableRandom random, int groups) {
    double[] weights = new double[groups];
    Arrays.setAll(weights, i -> random.nextDouble(0.01, 1));
    return Proportions.normalised(weights);
  }
}
