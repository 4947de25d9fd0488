package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.Alignment;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.RecordedFeedback;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every close recomputed: the mixer that sampled the step, its own feedback, in rank order. */
final class CloseCheck {
  private final Sim sim;
  private final SimTimeline log;

  CloseCheck(Sim sim, SimTimeline log) {
    this.sim = sim;
    this.log = log;
  }

  void check() {
    for (var close : log.steps) step(close.event());
    for (var close : log.boundaries) boundary(close.event());
  }

  private void step(Event.StepClosed close) {
    Fact fact = sim.fact(close.attempt(), close.step());
    Installation in = fact.installation();
    Event.StepPosition at = close.position();
    if (close.kind() != in.mixer().awaits() || close.decided().operation() != in.operation())
      throw new Broken("ROUTE", "%s closes for %s".formatted(close, fact));
    if (!Arrays.equals(at.q(), fact.plan().q().toArray())
        || !Arrays.equals(at.rows(), fact.plan().units().after().rows())
        || !Arrays.equals(at.carry(), fact.plan().units().after().carry()))
      throw new Broken("POSITION", "%s records another place than %s".formatted(close, fact));
    List<SimTimeline.Stretch> lineage = log.lineage(close.attempt());
    List<Event.FeedbackPosted> posts = posts(lineage, close.kind(), close.step());
    if (!close.reporters().equals(posts.stream().map(Event.FeedbackPosted::reporter).toList()))
      throw new Broken("ROUTE", close + " counts other reporters than " + posts);
    var previous =
        close.step() > in.effectiveStep() ? log.stepClose(lineage, close.step() - 1) : null;
    if (close.step() > in.effectiveStep() && previous == null)
      throw new Broken("ORDER", "step " + (close.step() - 1) + " is not closed before its heir");
    MixerState before = previous == null ? start(in) : state(in, previous.event().decided());
    long[] rows = fact.plan().units().after().rows();
    long[] stepBefore = fact.plan().units().before();
    for (int i = 0; i < rows.length; i++) rows[i] -= stepBefore[i];
    var seen = observation(close.step(), in, fact.plan().q(), posts, rows);
    compare(in, before, with(history(lineage, in), seen), close.decided());
  }

  private static Observation with(LossHistory history, Observation seen) {
    return new Observation(
        seen.t(), seen.q(), seen.lossSum(), seen.tokens(), seen.rows(), seen.alignment(), history);
  }

  /** What the installation's steps saw, from the posts. */
  private LossHistory history(List<SimTimeline.Stretch> lineage, Installation in) {
    return (from, to, visitor) -> {
      for (long t = from; t <= to; t++) {
        long step = in.effectiveStep() + t - 1;
        StepPlan plan = sim.fact(SimTimeline.owner(lineage, step).number(), step).plan();
        var posts = posts(lineage, Objects.requireNonNull(in.mixer().awaits()), step);
        Observation seen = observation(step, in, plan.q(), posts, new long[sim.config.groups()]);
        double[] losses = new double[seen.groups()];
        Arrays.setAll(losses, i -> seen.saw(i) ? seen.meanLoss(i) : Double.NaN);
        visitor.step(t, losses, () -> plan.units().after().rows());
      }
    };
  }

  private void boundary(Event.BoundaryClosed close) {
    Installation in =
        sim.server.read(
            run ->
                run.operations().installation(run.attempts().get(close.attempt()), close.step()));
    if (close.decided().operation() != in.operation()) return; // swapped out once it was closed
    if (!in.isBoundary(close.step()))
      throw new Broken("ROUTE", close + " closes for operation " + in.operation());
    List<SimTimeline.Stretch> lineage = log.lineage(close.attempt());
    List<Event.FeedbackPosted> posts = validation(lineage, close.step());
    if (close.posted() == posts.isEmpty())
      throw new Broken("ROUTE", close + " though there are " + posts);
    long last = close.step() - 1;
    while (last >= in.effectiveStep() && !in.isBoundary(last)) last--;
    var previous = last >= in.effectiveStep() ? log.boundaryClose(lineage, last) : null;
    if (last >= in.effectiveStep() && previous == null)
      throw new Broken("ORDER", "boundary " + last + " is not closed before its heir");
    MixerState before = previous == null ? start(in) : state(in, previous.event().decided());
    Proportions q =
        close.step() == 0
            ? Proportions.uniform(sim.config.groups())
            : sim.fact(close.attempt(), close.step() - 1).plan().q();
    long[] rows = rowsBefore(close.attempt(), close.step());
    if (!Arrays.equals(rows, close.position().rows()))
      throw new Broken("POSITION", close + " records other rows than " + Arrays.toString(rows));
    long[] lastRows = previous == null ? rows : rowsBefore(close.attempt(), last);
    long[] since = new long[rows.length];
    for (int i = 0; i < rows.length; i++) since[i] = rows[i] - lastRows[i];
    compare(in, before, observation(close.step(), in, q, posts, since), close.decided());
  }

  private long[] rowsBefore(int attempt, long step) {
    return step == 0
        ? new long[sim.config.groups()]
        : sim.fact(attempt, step - 1).plan().units().after().rows();
  }

  /** No mixer's first state depends on where it continues from, but for the p it holds. */
  private MixerState start(Installation in) {
    if (!in.event().fromCurrent() || in.effectiveStep() == 0) return in.mixer().start(null).state();
    Decision start = sim.server.read(run -> run.start(in));
    if (start == null) throw new Broken("STALE", "a close of an undecided start");
    return start.state();
  }

  private static MixerState state(Installation in, Event.Decided last) {
    if (last.operation() != in.operation())
      throw new Broken(
          "ROUTE", "operation %d goes on from %d".formatted(in.operation(), last.operation()));
    return MixerState.of(last.state());
  }

  private static void compare(
      Installation in, MixerState before, Observation seen, Event.Decided decided) {
    Decision again = in.mixer().fold(before, seen);
    boolean same =
        Arrays.equals(again.p().toArray(), decided.p())
            && again.state().equals(MixerState.of(decided.state()))
            && decided.mixer().equals(in.mixer().name());
    if (!same)
      throw new Broken(
          "ARITHMETIC",
          "%s recorded for operation %d, %s recomputed"
              .formatted(Arrays.toString(decided.p()), in.operation(), again.p()));
  }

  private List<Event.FeedbackPosted> posts(
      List<SimTimeline.Stretch> lineage, FeedbackKind kind, long step) {
    for (SimTimeline.Stretch stretch : lineage)
      if (stretch.holds(step)) return recorded(stretch.launch().number(), kind, step);
    return List.of();
  }

  /** Of the owner; at its first step, if it has none, of those before it. */
  private List<Event.FeedbackPosted> validation(List<SimTimeline.Stretch> lineage, long step) {
    for (SimTimeline.Stretch stretch : lineage) {
      if (step > stretch.to()) continue;
      var found = recorded(stretch.launch().number(), FeedbackKind.VALIDATION, step);
      if (!found.isEmpty() || step > stretch.from()) return found;
    }
    return List.of();
  }

  private List<Event.FeedbackPosted> recorded(int attempt, FeedbackKind kind, long step) {
    var byReporter = new TreeMap<Integer, Event.FeedbackPosted>();
    for (Event.FeedbackPosted e : log.posts)
      if (e.attempt() == attempt && e.kind() == kind && e.step() == step)
        byReporter.put(e.reporter(), e);
    return new ArrayList<>(byReporter.values());
  }

  private @Nullable Alignment alignment(List<Event.FeedbackPosted> posts) {
    if (posts.isEmpty()) return null;
    Double rate = posts.getFirst().learningRate();
    if (rate == null) return null; // other feedback, or nothing usable
    int groups = sim.config.groups();
    double[] sums = new double[groups];
    double[] own = new double[groups];
    double[] norms = new double[groups];
    boolean[] seen = new boolean[groups];
    posts
        .getFirst()
        .groups()
        .forEach(
            (name, value) -> {
              int group = name.charAt(0) - 'a';
              RecordedFeedback.Alignment alignment = Objects.requireNonNull(value.alignment());
              for (double product : Objects.requireNonNull(alignment.gram()).values())
                sums[group] += product;
              own[group] = Objects.requireNonNull(alignment.gram()).get(name);
              norms[group] = alignment.norm();
              seen[group] = true;
            });
    return new Alignment(rate, sums, own, norms, seen);
  }

  private Observation observation(
      long step, Installation in, Proportions q, List<Event.FeedbackPosted> posts, long[] rows) {
    int groups = sim.config.groups();
    double[] lossSum = new double[groups];
    long[] tokens = new long[groups];
    for (Event.FeedbackPosted post : posts)
      for (Map.Entry<String, RecordedFeedback> e : post.groups().entrySet()) {
        int group = e.getKey().charAt(0) - 'a';
        lossSum[group] += e.getValue().lossSum();
        tokens[group] += e.getValue().tokens();
      }
    long t = step - in.effectiveStep() + 1;
    return new Observation(t, q, lossSum, tokens, rows, alignment(posts), LossHistory.NONE);
  }
}
