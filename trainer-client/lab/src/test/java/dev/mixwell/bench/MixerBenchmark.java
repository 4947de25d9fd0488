package dev.mixwell.bench;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.mixer.Alignment;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One update of a mixer: the feedback of a step or boundary folded into state and proportions. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MixerBenchmark {
  /** Updates folded round and round, from a state that has seen as many. */
  private static final int UPDATES = 64;

  @Param({
    "odm",
    "odm:reference",
    "odm:exp3",
    "aioli",
    "doremi",
    "doge",
    "skill-it",
    "ado",
    "schedule"
  })
  String mixer = "odm";

  @Param({"7", "22", "64", "1000"})
  int groups = 7;

  private Mixer rule = Mixers.create(new MixerSpec("stratified", Map.of()), context(1));
  private MixerState state = MixerState.empty();
  private List<Observation> seen = List.of();
  private int next;

  @Setup
  public void fold() {
    rule = Mixers.create(spec(), context(groups));
    seen = observations();
    Decision decided = rule.start(null);
    state = decided.state();
    for (int i = 0; i < UPDATES; i++) state = update().state();
  }

  /** One update of the state before it, as the run's writer does for every close. */
  @Benchmark
  public Decision update() {
    Decision decided = rule.fold(state, seen.get(next));
    state = decided.state();
    next = (next + 1) % seen.size();
    return decided;
  }

  private MixerSpec spec() {
    String[] parts = mixer.split(":", 2);
    var parameters = new TreeMap<String, Object>();
    if (parts.length == 2) parameters.put("variant", parts[1]);
    if (mixer.equals("aioli")) parameters.putAll(Map.of("sweeps", 1, "segmentSteps", 1));
    if (mixer.equals("skill-it")) parameters.put("graph", graph());
    if (mixer.equals("schedule"))
      parameters.put("points", List.of(Map.of("at", 0, "weights", weights())));
    return new MixerSpec(parts[0], parameters);
  }

  private List<List<Double>> graph() {
    var random = new SplittableRandom(3);
    var rows = new ArrayList<List<Double>>();
    for (int i = 0; i < groups; i++) rows.add(random.doubles(groups, 0, 0.5).boxed().toList());
    return rows;
  }

  private Map<String, Object> weights() {
    var weights = new TreeMap<String, Object>();
    for (String name : context(groups).groups()) weights.put(name, 1);
    return weights;
  }

  private static MixerContext context(int groups) {
    var names = new ArrayList<String>();
    long[] tokens = new long[groups];
    for (int i = 0; i < groups; i++) names.add("group-" + i);
    Arrays.fill(tokens, 1_000_000);
    return new MixerContext(1, names, tokens, 1_024, 2_048, 64);
  }

  /** Every group seen; for a mixer of boundaries, those of one round in order. */
  private List<Observation> observations() {
    var random = new SplittableRandom(1);
    var list = new ArrayList<Observation>();
    for (long t = 1; list.size() < UPDATES && t < 100_000; t++)
      if (!isOfBoundaries() || rule.isBoundary(t - 1)) list.add(observation(t, random));
    return list;
  }

  private boolean isOfBoundaries() {
    return rule.awaits() == dev.mixwell.api.FeedbackKind.VALIDATION;
  }

  private Observation observation(long t, SplittableRandom random) {
    double[] lossSum = random.doubles(groups, 2, 4).toArray();
    long[] tokens = new long[groups];
    Arrays.fill(tokens, 1);
    boolean[] all = new boolean[groups];
    Arrays.fill(all, true);
    var alignment = new Alignment(3e-4, lossSum.clone(), new double[groups], lossSum.clone(), all);
    return new Observation(
        t, Proportions.uniform(groups), lossSum, tokens, tokens, alignment, LossHistory.NONE);
  }
}
