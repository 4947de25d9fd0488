package dev.mixwell.run;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.fold.Recorded;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One run and the habits of its trainers.
 *
 * @param groupRows [m] rows of an epoch
 * @param steps the trainer stops after these
 * @param worlds that launches choose from
 */
record SimConfig(RunSpec spec, long[] groupRows, long steps, List<Integer> worlds, Habits habits) {
  /**
   * @param prefetch steps a rank pulls ahead, below the lookahead
   * @param checkpointEvery steps between checkpoints
   * @param deaf whether reporters fall silent at the end, until an operator frees the run
   * @param postAll whether steps whose mixer awaits nothing are reported too
   * @param nan whether some losses are not a number
   * @param careless whether checkpoints do not wait for feedback, and announced evaluations are
   *     passed over while nothing waits for them: allowed, and paid for with missing feedback
   * @param probes whether mixers that probe are installed again and again, and attempts fork often
   */
  record Habits(
      int prefetch,
      int checkpointEvery,
      boolean deaf,
      boolean postAll,
      boolean nan,
      boolean careless,
      boolean probes) {
    static Habits draw(SplittableRandom random, int lookahead) {
      boolean probes = random.nextInt(6) == 0;
      return new Habits(
          random.nextInt(lookahead),
          probes ? 1 : pick(random, 1, 2, 3, 4),
          random.nextInt(10) == 0,
          random.nextBoolean(),
          random.nextInt(5) == 0,
          random.nextInt(8) == 0,
          probes);
    }

    /** Of one patient trainer. */
    static Habits patient(int checkpointEvery, boolean postAll, boolean nan) {
      return new Habits(0, checkpointEvery, false, postAll, nan, false, false);
    }
  }

  static final long CLOSE_AFTER_MILLIS = 10_000;
  static final int ROW_TOKENS = 4;

  static SimConfig draw(SplittableRandom random) {
    int groups = pick(random, 1, 2, 2, 2, 2, 3, 3, 3);
    int unit = pick(random, 1, 1, 2);
    int seats = pick(random, 2, 4, 6);
    int lookahead = pick(random, 1, 1, 2, 2, 3, 4, 8);
    Habits habits = Habits.draw(random, lookahead);
    long[] rows = new long[groups];
    for (int i = 0; i < groups; i++) rows[i] = pick(random, 8, 20, 60, 200);
    var worlds = new ArrayList<Integer>();
    for (int world = 1; world <= 3; world++) if (seats % world == 0) worlds.add(world);
    var spec =
        RunSpec.draft(random.nextInt(1_000_000), groups(groups), unit * seats, ROW_TOKENS)
            .unitRows(unit)
            .composition(
                random.nextInt(5) == 0 ? RunSpec.Composition.IID : RunSpec.Composition.APPORTIONED)
            .mixer(mixer(random, groups, habits.probes()))
            .lookahead(lookahead)
            .issueAhead(pick(random, 0, 1, 3, 16))
            .exhausted(exhausted(random))
            .reporters(random.nextInt(3) == 0 ? RunSpec.Reporters.RANKS : RunSpec.Reporters.REDUCED)
            .closing(closing(random.nextInt(3) == 0))
            .validationRows(2)
            .validationShare(0.1)
            .evaluateEvery(pick(random, 0, 0, 0, 2, 3))
            .limits(
                new RunSpec.Limits(
                    pick(random, 0, 0, 0, 5) / 100.0, pick(random, 10, 10, 10, 2) / 10.0))
            .spec();
    return new SimConfig(spec, rows, pick(random, 8, 12, 16, 24), worlds, habits);
  }

  static int pick(SplittableRandom random, int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  static List<RunSpec.Group> groups(int count) {
    var groups = new ArrayList<RunSpec.Group>();
    for (int i = 0; i < count; i++)
      groups.add(new RunSpec.Group(Character.toString('a' + i), "source:" + i));
    return groups;
  }

  static RunSpec.Closing closing(boolean timed) {
    return timed
        ? new RunSpec.Closing(RunSpec.Closing.Policy.CLOSE_AFTER, CLOSE_AFTER_MILLIS)
        : new RunSpec.Closing(RunSpec.Closing.Policy.WAIT, null);
  }

  private static RunSpec.Exhausted exhausted(SplittableRandom random) {
    return switch (random.nextInt(14)) {
      case 0 -> new RunSpec.Exhausted(RunSpec.Exhausted.Policy.STOP, null);
      case 1, 2 ->
          new RunSpec.Exhausted(RunSpec.Exhausted.Policy.MAX_EPOCHS, 1 + random.nextInt(2));
      default -> new RunSpec.Exhausted(RunSpec.Exhausted.Policy.REPEAT, null);
    };
  }

  /**
   * @param probes whether most probe, in short rounds
   */
  static MixerSpec mixer(SplittableRandom random, int groups, boolean probes) {
    if (probes && random.nextInt(4) > 0)
      return random.nextBoolean()
          ? probing(1, groups + pick(random, 1, 2, 4))
          : aioli(1, groups + pick(random, 1, 2, 4));
    return switch (random.nextInt(10)) {
      case 0, 1 -> fixed(random, groups);
      case 2 -> odm(Map.of("variant", "reference"));
      case 3 -> odm(Map.of("variant", "exp3", "rewardDivisor", 1));
      case 4 -> odm(Map.of("alpha", 0.5));
      case 7 -> new MixerSpec("doremi", Map.of());
      case 8 -> new MixerSpec("doge", Map.of());
      case 9 -> skillIt(groups, pick(random, 2, 4, 6), pick(random, 1, 2, 3));
      case 10 -> schedule(groups, pick(random, 1, 4, 9));
      case 5, 6 -> {
        int segment = 1 + random.nextInt(2);
        yield aioli(segment, groups * segment + pick(random, 1, 2, 4));
      }
      default -> {
        int segment = 1 + random.nextInt(2);
        int round = groups * segment + pick(random, 1, 2, 4);
        yield probing(segment, round);
      }
    };
  }

  private static MixerSpec fixed(SplittableRandom random, int groups) {
    switch (random.nextInt(6)) {
      case 0:
        return new MixerSpec("stratified", Map.of());
      case 1:
        return new MixerSpec("temperature", Map.of("exponent", 0.5));
      default:
        var weights = new double[groups];
        for (int i = 0; i < groups - 1; i++) weights[i] = pick(random, 0, 1, 2, 5);
        weights[groups - 1] = 1;
        return fixed(weights);
    }
  }

  static MixerSpec fixed(double... weights) {
    var byGroup = new TreeMap<String, Object>();
    for (RunSpec.Group g : groups(weights.length)) byGroup.put(g.name(), weights[byGroup.size()]);
    return new MixerSpec("static", Map.of("weights", byGroup));
  }

  static MixerSpec odm(Map<String, Object> parameters) {
    return new MixerSpec("odm", parameters);
  }

  static MixerSpec probing(int segment, int round) {
    return new MixerSpec("test-probing", Map.of("segment", segment, "round", round));
  }

  /** One sweep a round. */
  static MixerSpec aioli(int segmentSteps, int roundSteps) {
    return new MixerSpec(
        "aioli",
        Map.of("sweeps", 1, "segmentSteps", segmentSteps, "roundSteps", roundSteps, "eta", 2));
  }

  /** Each group teaches itself, and the next one half of that. */
  static MixerSpec skillIt(int groups, int updateSteps, int evaluateSteps) {
    var graph = new ArrayList<List<Double>>();
    for (int i = 0; i < groups; i++) {
      var row = new ArrayList<Double>();
      for (int j = 0; j < groups; j++) row.add(j == i ? 0.4 : j == i + 1 ? 0.2 : 0);
      graph.add(row);
    }
    return new MixerSpec(
        "skill-it",
        Map.of("graph", graph, "updateSteps", updateSteps, "evaluateSteps", evaluateSteps));
  }

  /** From the first group to equal shares. */
  static MixerSpec schedule(int groups, int steps) {
    var first = new TreeMap<String, Object>();
    var equal = new TreeMap<String, Object>();
    for (RunSpec.Group g : groups(groups)) {
      first.put(g.name(), first.isEmpty() ? 1 : 0);
      equal.put(g.name(), 1);
    }
    return new MixerSpec(
        "schedule",
        Map.of(
            "points",
            List.of(Map.of("at", 0, "weights", first), Map.of("at", steps, "weights", equal))));
  }

  /** All mixers for runs of three groups: those tried in several ways, and every other once. */
  static List<MixerSpec> mixers() {
    var all = new ArrayList<>(tuned());
    for (MixerSpec spec : MixersUnderTest.specs(3))
      if (all.stream().noneMatch(known -> known.name().equals(spec.name()))) all.add(spec);
    return all;
  }

  private static List<MixerSpec> tuned() {
    return List.of(
        fixed(5, 0, 2),
        new MixerSpec("stratified", Map.of()),
        new MixerSpec("temperature", Map.of("exponent", 0.5)),
        odm(Map.of()),
        odm(Map.of("variant", "reference")),
        odm(Map.of("variant", "exp3", "rewardDivisor", 1)),
        probing(2, 9),
        aioli(2, 9),
        new MixerSpec("doremi", Map.of()),
        new MixerSpec("doge", Map.of()),
        skillIt(3, 4, 2),
        new MixerSpec("ado", Map.of()),
        schedule(3, 9));
  }

  /** A run of three groups that repeat. */
  static RunSpec spec(
      long seed, MixerSpec mixer, int batchRows, int lookahead, RunSpec.Reporters reporters) {
    return RunSpec.draft(seed, groups(3), batchRows, ROW_TOKENS)
        .mixer(mixer)
        .lookahead(lookahead)
        .issueAhead(3)
        .reporters(reporters)
        .validationRows(2)
        .spec();
  }

  static SimConfig of(RunSpec spec, long steps, Habits habits, Integer... worlds) {
    return new SimConfig(spec, new long[] {60, 200, 1_000}, steps, List.of(worlds), habits);
  }

  int groups() {
    return groupRows.length;
  }

  boolean byRanks() {
    return spec.reporters() == RunSpec.Reporters.RANKS;
  }

  boolean waits() {
    return spec.closing().policy() == RunSpec.Closing.Policy.WAIT;
  }

  /** The event that begins the run's timeline. */
  Event.RunCreated created() {
    var pinned = new ArrayList<Event.PinnedGroup>();
    for (int i = 0; i < groupRows.length; i++) {
      RunSpec.Group g = spec.groups().get(i);
      long tokens = groupRows[i] * ROW_TOKENS;
      pinned.add(
          new Event.PinnedGroup(g.name(), g.query(), "00", "ff", 1, tokens, groupRows[i], 9, null));
    }
    return new Event.RunCreated(Recorded.run(spec), "00", pinned, 1);
  }

  /** The same run, served step by step to one patient trainer. */
  SimConfig uninterrupted(int world) {
    RunSpec plain = spec.draft().issueAhead(0).spec();
    Habits patient = Habits.patient(habits.checkpointEvery(), habits.postAll(), habits.nan());
    return new SimConfig(plain, groupRows, steps, List.of(world), patient);
  }

  @Override
  public String toString() {
    return "rows %s steps %d worlds %s %s %s"
        .formatted(Arrays.toString(groupRows), steps, worlds, habits, spec);
  }
}
