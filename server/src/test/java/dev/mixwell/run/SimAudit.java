package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Recorded;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.verify.RunVerifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold of a simulation as a whole, from its answers and its timeline. */
final class SimAudit {
  private static final double SEAT = 0x1p52;

  private final Sim sim;
  private final SimConfig config;
  private final SimTimeline log;
  private int staleChecked;

  private SimAudit(Sim sim) {
    this.sim = sim;
    this.config = sim.config;
    this.log = new SimTimeline(sim.server.store.log());
  }

  /** Returns the number of steps whose decider was checked. */
  static int check(Sim sim) {
    sim.server.restart();
    var audit = new SimAudit(sim);
    audit.answersStand();
    audit.acknowledgedIsRecorded();
    audit.closesComeInOrder();
    audit.pastIsClosedWithTheOpening();
    for (SimTimeline.Launch launch : audit.log.launches) audit.lineage(launch);
    audit.nothingIsMissing();
    new CloseCheck(sim, audit.log).check();
    audit.recordIsWhatTheRulesGive();
    return audit.staleChecked;
  }

  /** Same address, same bytes, or fenced. */
  private void answersStand() {
    for (Sim.Url url : sim.bodies.keySet()) {
      try {
        sim.body(url);
      } catch (Refusal refusal) {
        boolean superseded = url.attempt() < log.launches.size() - 1;
        if (refusal.type() != ProblemType.FENCED || !superseded)
          throw new Broken("BYTES", url + " is refused", refusal);
      }
      sim.fact(url.attempt(), url.step());
    }
  }

  private void acknowledgedIsRecorded() {
    for (Sim.Acknowledged a : sim.acknowledged) {
      SimJob.Post post = a.post();
      boolean found = false;
      for (Event.FeedbackPosted e : sim.server.store.feedback(a.attempt(), post.kind, post.step))
        if (e.reporter() == post.rank
            && e.groups().equals(Recorded.feedback(post.request.groups()))) found = true;
      boolean inherited =
          post.kind == FeedbackKind.VALIDATION
              && post.step == log.launches.get(a.attempt()).opened.fromStep();
      if (!found && !inherited)
        throw new Broken(
            "ACK",
            "%s of attempt %d step %d rank %d"
                .formatted(post.kind, a.attempt(), post.step, post.rank));
    }
    List<Entry> entries = sim.server.store.log();
    for (Entry entry : entries)
      if (Poison.isOf(entry.event())) throw new Broken("POISON", entry.toString());
    for (long sequence : sim.acceptedOperations)
      if (sequence >= entries.size()
          || !(entries.get((int) sequence).event() instanceof Event.Operation))
        throw new Broken("ACK", "operation " + sequence);
    if (sim.answeredAttempts() > log.launches.size())
      throw new Broken("ACK", "attempt " + (sim.answeredAttempts() - 1));
    var keys = new HashSet<List<Object>>();
    for (Event.FeedbackPosted e : log.posts)
      if (!keys.add(List.of(e.attempt(), e.kind(), e.step(), e.reporter())))
        throw new Broken("TWICE", e.toString());
  }

  private void closesComeInOrder() {
    int attempt = -1;
    long last = -1;
    for (var close : log.steps) {
      if (close.event().attempt() == attempt && close.event().step() <= last)
        throw new Broken("ORDER", "step %d closes after %d".formatted(close.event().step(), last));
      attempt = close.event().attempt();
      last = close.event().step();
    }
    attempt = -1;
    for (var close : log.boundaries) {
      if (close.event().attempt() == attempt && close.event().step() <= last)
        throw new Broken(
            "ORDER", "boundary %d closes after %d".formatted(close.event().step(), last));
      attempt = close.event().attempt();
      last = close.event().step();
    }
  }

  private void pastIsClosedWithTheOpening() {
    for (var close : log.steps)
      checkCommit(close.event().attempt(), close.event().step(), close.sequence());
    for (var close : log.boundaries)
      checkCommit(close.event().attempt(), close.event().step(), close.sequence());
  }

  private void checkCommit(int attempt, long step, long sequence) {
    SimTimeline.Launch launch = log.launches.get(attempt);
    SimStore store = sim.server.store;
    if (step < launch.opened.fromStep() && store.commit(sequence) != store.commit(launch.sequence))
      throw new Broken(
          "ATOMIC", "attempt %d closes step %d of its past later".formatted(attempt, step));
  }

  // ---- lineages

  private void lineage(SimTimeline.Launch launch) {
    List<SimTimeline.Stretch> lineage = log.lineage(launch.number());
    long[] end = new long[config.groups()];
    double[] carry = new double[end.length];
    Fact before = null;
    for (long k = 0; k < launch.upTo; k++) {
      Fact fact = sim.fact(launch.number(), k);
      if (!Arrays.equals(fact.from(), end))
        throw new Broken(
            "ROWS",
            "attempt %d step %d: after %s comes %s"
                .formatted(launch.number(), k, Arrays.toString(end), fact));
      end = rowsFollow(fact);
      carry = accountsAreKept(fact, carry);
      if (k >= launch.opened.fromStep()) {
        operatorsAreObeyed(launch, k, fact, before);
        decided(lineage, launch, k, fact);
      }
      before = fact;
    }
  }

  /** Each group's rows are the next ones, each once. */
  private long[] rowsFollow(Fact fact) {
    long[] next = fact.plan().units().before();
    long[] rows = fact.rows().clone();
    Arrays.sort(rows);
    for (long row : rows)
      if (next[Fact.group(row)]++ != Fact.position(row)) throw new Broken("ROWS", fact.toString());
    if (!Arrays.equals(next, fact.plan().units().after().rows()))
      throw new Broken("ROWS", "counted " + Arrays.toString(next) + ": " + fact);
    RunSpec.Exhausted policy = config.spec().exhausted();
    if (policy.policy() != RunSpec.Exhausted.Policy.REPEAT)
      for (int i = 0; i < next.length; i++)
        if (next[i] > config.groupRows()[i] * (policy.epochs() == null ? 1 : policy.epochs()))
          throw new Broken("EXHAUSTED", fact.toString());
    return next;
  }

  /** Asked less given is carried on, as long as every group is asked for. */
  private double[] accountsAreKept(Fact fact, double[] carry) {
    long[] after = fact.plan().units().after().carry();
    double[] next = new double[after.length];
    double sum = 0;
    for (int i = 0; i < next.length; i++) sum += next[i] = after[i] / SEAT;
    if (Math.abs(sum) > 1e-9) throw new Broken("SHARES", "carries sum to " + sum + ": " + fact);
    boolean drawn = config.spec().composition() == RunSpec.Composition.IID;
    Phase phase = fact.installation().phase(fact.plan().step());
    boolean repeats = config.spec().exhausted().policy() == RunSpec.Exhausted.Policy.REPEAT;
    if ((drawn && !(phase instanceof Phase.Probe)) || !repeats) return next;
    boolean reset = phase instanceof Phase.Probe probe && probe.segmentStart();
    int unit = config.spec().unitRows();
    long[] from = fact.from();
    long given = 0;
    for (int i = 0; i < next.length; i++) given += fact.plan().units().after().rows(i) - from[i];
    for (int i = 0; i < next.length; i++)
      if (fact.plan().q().share(i) < 1 / SEAT) return next; // its account was spread
    for (int i = 0; i < next.length; i++) {
      double asked = (reset ? 0 : carry[i]) + fact.plan().q().share(i) * (given / unit);
      double got = (fact.plan().units().after().rows(i) - from[i]) / (double) unit;
      if (Math.abs(asked - got - next[i]) > 1e-6)
        throw new Broken("SHARES", "group %d is owed %s: %s".formatted(i, asked - got, fact));
    }
    return next;
  }

  private void operatorsAreObeyed(
      SimTimeline.Launch owner, long k, Fact fact, @Nullable Fact before) {
    int skipped = 0;
    SimTimeline.Operation swap = null;
    SimTimeline.Operation override = null;
    for (SimTimeline.Operation o : log.actingAt(owner, k))
      switch (o.event()) {
        case Event.RowsSkipped e -> skipped += e.steps();
        case Event.MixerInstalled _ -> swap = o;
        case Event.OverrideSet _ -> override = o;
        case Event.OverrideCleared _ -> override = o;
      }
    long rows = Arrays.stream(fact.plan().units().skipped()).sum();
    if (rows != (long) skipped * config.spec().batchRows())
      throw new Broken("OPERATOR", "skip of %d steps: %s".formatted(skipped, fact));
    if (swap != null) swapIsInForce(swap, owner, fact, before);
    else if (before != null && k > owner.opened.fromStep() && !sameInstallation(fact, before))
      throw new Broken("OPERATOR", "nobody swapped the mixer: " + fact);
    if (override != null && override.event() instanceof Event.OverrideSet set) bounds(set, fact);
  }

  private static boolean sameInstallation(Fact fact, Fact before) {
    return fact.installation().operation() == before.installation().operation()
        && fact.installation().attempt().number() == before.installation().attempt().number();
  }

  private void swapIsInForce(
      SimTimeline.Operation swap, SimTimeline.Launch owner, Fact fact, @Nullable Fact before) {
    Installation in = fact.installation();
    if (in.operation() != swap.sequence() || in.attempt().number() != owner.number())
      throw new Broken("OPERATOR", "swap %s is not in force: %s".formatted(swap, fact));
    boolean continues =
        ((Event.MixerInstalled) swap.event()).fromCurrent()
            && in.phase(fact.plan().step()) instanceof Phase.Online
            && before != null;
    if (continues && !fact.p().equals(successor(owner.number(), fact.plan().step() - 1)))
      throw new Broken("OPERATOR", "%s does not continue from %s".formatted(fact, before));
  }

  /** What a mixer that takes over after the step begins with: never a probe's row. */
  private Proportions successor(int attempt, long step) {
    Fact fact = sim.fact(attempt, step);
    Installation in = fact.installation();
    if (!(in.phase(step) instanceof Phase.Probe probe)) return fact.p();
    long before = in.effectiveStep() + probe.roundStart() - 1;
    if (probe.roundStart() > 0) return sim.fact(attempt, before).p();
    return in.event().fromCurrent() && before >= 0
        ? successor(attempt, before)
        : in.mixer().start(null).p();
  }

  private void bounds(Event.OverrideSet set, Fact fact) {
    boolean free =
        config.spec().limits().maxChange() == 1
            && config.spec().exhausted().policy() == RunSpec.Exhausted.Policy.REPEAT;
    if (!free || config.groups() == 1) return;
    for (Map.Entry<String, Double> pin : set.pins().entrySet())
      if (Math.abs(share(fact, pin.getKey()) - pin.getValue()) > 1e-9)
        throw new Broken("OPERATOR", "pin %s: %s".formatted(pin, fact));
    if (set.clamps().size() == 1 && set.pins().isEmpty())
      set.clamps()
          .forEach(
              (group, range) -> {
                boolean others = 1 - fact.p().share(index(group)) > 1e-9;
                double q = share(fact, group);
                if (others && (q < range.min() - 1e-9 || q > range.max() + 1e-9))
                  throw new Broken("OPERATOR", "clamp %s %s: %s".formatted(group, range, fact));
              });
  }

  private int index(String group) {
    for (int i = 0; i < config.groups(); i++)
      if (config.spec().groups().get(i).name().equals(group)) return i;
    throw new IllegalArgumentException(group);
  }

  private double share(Fact fact, String group) {
    return fact.plan().q().share(index(group));
  }

  /** Who decided a step, and that it had been decided when the step was issued. */
  private void decided(
      List<SimTimeline.Stretch> lineage, SimTimeline.Launch owner, long k, Fact fact) {
    Installation in = fact.installation();
    long sequence;
    Event.Decided decision;
    long lookahead = config.spec().lookahead();
    if (in.phase(k) instanceof Phase.Online && k >= in.effectiveStep() + lookahead) {
      var close = log.stepClose(lineage, k - lookahead);
      if (close == null) throw new Broken("STALE", "step %d has no decider: %s".formatted(k, fact));
      sequence = close.sequence();
      decision = close.event().decided();
    } else if (in.phase(k) instanceof Phase.AfterBoundary(long offset)) {
      var close = log.boundaryClose(lineage, in.effectiveStep() + offset);
      if (close == null) throw new Broken("STALE", "step %d has no decider: %s".formatted(k, fact));
      sequence = close.sequence();
      decision = close.event().decided();
    } else return;
    staleChecked++;
    Long issued = owner.issuedAt.get(k);
    if (issued == null || issued < sequence)
      throw new Broken(
          "UNDECIDED",
          "step %d was issued at %d before its decision at %d".formatted(k, issued, sequence));
    if (!Arrays.equals(decision.p(), fact.p().toArray()) || decision.operation() != in.operation())
      throw new Broken("STALE", "%s decides %s".formatted(Arrays.toString(decision.p()), fact));
  }

  private void recordIsWhatTheRulesGive() {
    var report = new RunVerifier(sim.server.store).verify((entry, entries) -> {});
    if (!report.differences().isEmpty())
      throw new Broken("VERIFY", report.differences().getFirst());
  }

  /** Checkpoints waited for their feedback, so nothing of it can be missing. */
  private void nothingIsMissing() {
    if (!config.waits() || config.habits().careless()) return;
    for (var close : log.steps)
      if (!close.event().complete())
        throw new Broken("MISSING", "a close lost a reporter: " + close.event());
  }
}
