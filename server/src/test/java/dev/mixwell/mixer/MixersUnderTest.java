package dev.mixwell.mixer;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every mixer with parameters that make it move, and random feedback for it. A new mixer adds its
 * lines to {@link #specs(List)}; the tests of all mixers take them from there.
 */
public final class MixersUnderTest {
  private static final int BATCH_ROWS = 64;
  private static final int ROW_TOKENS = 128;

  /** Where a new mixer adds its lines, for messages. */
  public static final String FILE = "server/src/test/java/dev/mixwell/mixer/MixersUnderTest.java";

  /** How names of mixers begin that only tests have. */
  private static final String OF_TESTS = "test-";

  private MixersUnderTest() {}

  /** The names of all mixers that ship. */
  public static SortedSet<String> shipped() {
    var names = new TreeSet<>(Mixers.names());
    names.removeIf(name -> name.startsWith(OF_TESTS));
    return names;
  }

  /** As {@link #specs(List)}, for groups named a, b, c, ... */
  public static List<MixerSpec> specs(int groups) {
    return specs(context(groups).groups());
  }

  /**
   * At least one of each name, always as many. What differs by group is given by its name, so that
   * a specification means the same in whatever order the groups are.
   */
  public static List<MixerSpec> specs(List<String> groups) {
    Object weights = weights(groups, 1);
    return List.of(
        new MixerSpec("static", Map.of("weights", weights)),
        new MixerSpec("stratified", Map.of()),
        new MixerSpec("temperature", Map.of("exponent", 0.5)),
        new MixerSpec("schedule", Map.of("points", points(groups, 1))),
        new MixerSpec(
            "schedule",
            Map.of(
                "points",
                points(groups, BATCH_ROWS * ROW_TOKENS),
                "interpolation",
                "step",
                "unit",
                "tokens")),
        new MixerSpec("odm", Map.of()),
        new MixerSpec("odm", Map.of("variant", "paper", "warmupSteps", 3, "updateFrequency", 2)),
        new MixerSpec("odm", Map.of("variant", "reference")),
        new MixerSpec("odm", Map.of("variant", "reference", "update", "single", "lossClip", 0)),
        new MixerSpec("odm", Map.of("variant", "exp3", "rewardDivisor", 1)),
        new MixerSpec("doremi", Map.of("referenceWeights", weights)),
        new MixerSpec("doremi", Map.of("sampling", "proportions", "smoothing", 0)),
        new MixerSpec("doremi", Map.of("variant", "reference")),
        new MixerSpec("doremi", Map.of("variant", "aioli", "eta", 0.5)),
        new MixerSpec("doge", Map.of()),
        new MixerSpec("doge", Map.of("mu", 1e-4, "dwMin", -5, "leaveOneOut", true)),
        new MixerSpec("doge", Map.of("variant", "reference")),
        new MixerSpec(
            "skill-it", Map.of("graph", graph(groups), "updateSteps", 6, "evaluateSteps", 2)),
        new MixerSpec(
            "skill-it", Map.of("graph", graph(groups), "updateSteps", 1, "window", 0, "eta", 0.01)),
        new MixerSpec("aioli", aioli(groups, Map.of())),
        new MixerSpec("aioli", aioli(groups, Map.of("gamma", 0.3, "variant", "reference"))),
        new MixerSpec("aioli", aioli(groups, Map.of("variant", "diagonal", "epsilon", 0.2))),
        new MixerSpec("ado", Map.of("prior", "uniform")),
        new MixerSpec("ado", Map.of("sameStepSize", false)));
  }

  /** Name and parameters, without those that differ by group. */
  static String label(MixerSpec spec) {
    var few = new TreeMap<>(spec.parameters());
    few.values().removeIf(value -> value instanceof Map || value instanceof List);
    return spec.name() + (few.isEmpty() ? "" : " " + few);
  }

  /** Groups named a, b, c, ... with 1,000, 2,000, 3,000, ... tokens. */
  public static MixerContext context(int groups) {
    int[] order = new int[groups];
    Arrays.setAll(order, i -> i);
    return context(order);
  }

  /** As {@link #context(int)}, with the groups in another order. */
  public static MixerContext context(int[] order) {
    var names = new ArrayList<String>();
    long[] tokens = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      names.add(Character.toString('a' + order[i]));
      tokens[i] = 1000L * (order[i] + 1);
    }
    return new MixerContext(7, names, tokens, BATCH_ROWS, ROW_TOKENS, 4);
  }

  public static Mixer create(MixerSpec spec, int groups) {
    return Mixers.create(spec, context(groups));
  }

  /** 1, 2, 3, ... to the given power, by name. */
  private static Map<String, Object> weights(List<String> groups, int power) {
    var weights = new TreeMap<String, Object>();
    for (String name : groups) weights.put(name, StrictMath.pow(weights.size() + 1, power));
    return weights;
  }

  private static List<Object> points(List<String> groups, long stepUnits) {
    return List.of(
        Map.of("at", 2 * stepUnits, "weights", weights(groups, 1)),
        Map.of("at", 9 * stepUnits, "weights", weights(groups, -1)),
        Map.of("at", 12 * stepUnits, "weights", weights(groups, 2)));
  }

  /** In the shortest rounds there are. */
  private static Map<String, Object> aioli(List<String> groups, Map<String, Object> others) {
    var parameters = new TreeMap<>(others);
    parameters.putAll(Map.of("sweeps", 1, "segmentSteps", 1, "roundSteps", groups.size() + 1));
    return parameters;
  }

  /** Helps itself most, the next a little, and the one after that not at all, or harms it. */
  private static Map<String, Object> graph(List<String> groups) {
    var graph = new TreeMap<String, Object>();
    for (int j = 0; j < groups.size(); j++) {
      var row = new TreeMap<String, Object>();
      for (int i = 0; i < groups.size(); i++)
        row.put(groups.get(i), i == j ? 0.6 + 0.01 * i : 0.3 - 0.2 * ((i + 2 * j) % 3));
      graph.put(groups.get(j), row);
    }
    return graph;
  }

  /** Plausible feedback of the kind the mixer awaits, as a rule of a part of the groups. */
  static Observation feedback(Mixer mixer, SplittableRandom random, long t, Proportions q) {
    FeedbackKind kind = mixer.awaits();
    if (kind == FeedbackKind.ALIGNMENT)
      return observation(t, q, new double[q.size()], new long[q.size()], gradients(random, q));
    boolean isOfAll = kind == FeedbackKind.VALIDATION && random.nextInt(4) > 0;
    double[] lossSum = new double[q.size()];
    long[] tokens = new long[q.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = !isOfAll && random.nextInt(4) == 0 ? 0 : random.nextInt(1, 5000);
      lossSum[i] = tokens[i] * meanLoss(kind, random);
    }
    return observation(t, q, lossSum, tokens, null);
  }

  private static double meanLoss(@Nullable FeedbackKind kind, SplittableRandom random) {
    boolean isSmall = kind == FeedbackKind.EXCESS || kind == FeedbackKind.DIFFERENCE;
    if (isSmall && random.nextInt(4) == 0) return 0;
    return kind == FeedbackKind.DIFFERENCE ? random.nextDouble(-1, 1) : random.nextDouble(0.1, 9);
  }

  private static Alignment gradients(SplittableRandom random, Proportions q) {
    double learningRate = random.nextDouble(1e-3);
    double[] sums = new double[q.size()];
    double[] own = new double[q.size()];
    double[] norms = new double[q.size()];
    boolean[] seen = new boolean[q.size()];
    for (int i = 0; i < q.size(); i++) {
      if (random.nextInt(4) == 0) continue;
      seen[i] = true;
      norms[i] = random.nextDouble(0.1, 5);
      own[i] = norms[i] * norms[i];
      sums[i] = own[i] + random.nextDouble(-2, 2);
    }
    return new Alignment(learningRate, sums, own, norms, seen);
  }

  public static Observation observation(
      long t, Proportions q, double[] lossSum, long[] tokens, @Nullable Alignment alignment) {
    return new Observation(
        t, q, lossSum, tokens, new long[tokens.length], alignment, LossHistory.NONE);
  }

  /** A random point of the simplex, inside it. */
  public static Proportions proportions(SplittableRandom random, int groups) {
    double[] weights = new double[groups];
    Arrays.setAll(weights, i -> random.nextDouble(0.01, 1));
    return Proportions.normalised(weights);
  }
}
