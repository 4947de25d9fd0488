package dev.mixwell.answer;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.HistoryAnswer;
import dev.mixwell.api.HistoryEntry;
import dev.mixwell.api.MixerAnswer;
import dev.mixwell.api.MixerView;
import dev.mixwell.api.MixtureAnswer;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.OverridesAnswer;
import dev.mixwell.api.PlanAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Operations;
import dev.mixwell.fold.RunCore;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.Decision;
import dev.mixwell.sampler.Position;
import dev.mixwell.timeline.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A run's state as answers. Called by the run's writer. */
public final class Views {
  private static final double SEAT = 0x1p52;

  private final RunCore core;
  private final RunSpec spec;

  public Views(RunCore core) {
    this.core = core;
    this.spec = core.spec();
  }

  public static OperationView operation(Operations.Accepted o) {
    OperationView view = operation(o.sequence, o.atMillis, o.event);
    if (o.cancelledAtSequence != Long.MAX_VALUE) view.value().put("cancelled", true);
    return view;
  }

  public static OperationView operation(long sequence, long atMillis, Event.Operation event) {
    var value = new LinkedHashMap<String, Object>();
    String kind =
        switch (event) {
          case Event.MixerInstalled e -> {
            value.put("mixer", e.mixer());
            value.put("version", e.version());
            value.put("start", e.fromCurrent() ? "current" : "own");
            yield "mixer";
          }
          case Event.OverrideSet e -> {
            value.put("pins", e.pins());
            value.put("clamps", e.clamps());
            yield "overrides";
          }
          case Event.OverrideCleared e -> "overrides";
          case Event.RowsSkipped e -> {
            value.put("steps", e.steps());
            yield "skip";
          }
        };
    return new OperationView(
        sequence,
        kind,
        event.effectiveStep(),
        value,
        event.who(),
        event.why(),
        Instant.ofEpochMilli(atMillis).toString());
  }

  public static MixerView mixer(Installation in) {
    return new MixerView(
        in.mixer().name(),
        in.event().mixer().parameters(),
        in.mixer().version(),
        in.operation(),
        in.effectiveStep(),
        in.mixer().awaits());
  }

  public PlanAnswer plan(StepPlan plan, boolean evaluateAfter) {
    double[] weights = plan.proposal().lossWeights();
    return new PlanAnswer(
        plan.attempt(),
        plan.step(),
        mixer(plan.installation()),
        shares(plan.proposal().p().toArray()),
        shares(plan.q().toArray()),
        counts(stepRows(plan)),
        counts(plan.units().before()),
        weights == null ? null : shares(weights),
        evaluateAfter);
  }

  public MixtureAnswer mixture() {
    if (core.attempts.isEmpty())
      return new MixtureAnswer(-1, -1, 0, 0, spec.mixer().name(), List.of());
    Attempt a = core.attempts.newest();
    long undecided = core.decidedUpTo(a, a.upTo + 1 + spec.issueAhead());
    if (a.upTo == 0 || !(core.planner.plan(a, a.upTo - 1) instanceof StepPlan plan))
      return new MixtureAnswer(
          a.number,
          -1,
          a.upTo,
          undecided,
          core.operations.installation(a, 0).mixer().name(),
          List.of());
    Position after = plan.units().after();
    long[] carry = after.carry();
    var groups = new ArrayList<MixtureAnswer.Share>();
    for (int i = 0; i < carry.length; i++) {
      long rows = after.rows(i);
      double asked = rows + carry[i] / SEAT * spec.unitRows();
      double epochs = (double) rows / core.created.groups().get(i).rows();
      groups.add(
          new MixtureAnswer.Share(
              spec.groups().get(i).name(),
              plan.proposal().p().share(i),
              plan.q().share(i),
              rows,
              asked,
              epochs));
    }
    return new MixtureAnswer(
        a.number, plan.step(), a.upTo, undecided, plan.installation().mixer().name(), groups);
  }

  /** Issued steps [from, to) of the newest attempt's lineage. */
  public HistoryAnswer history(long from, long to) {
    var entries = new ArrayList<HistoryEntry>();
    var operations = new TreeMap<Long, OperationView>();
    if (core.attempts.isEmpty()) return new HistoryAnswer(from, entries, List.of());
    Attempt a = core.attempts.newest();
    for (long step = from; step < Math.min(to, a.upTo); step++) {
      if (!(core.planner.plan(a, step) instanceof StepPlan plan)) break;
      entries.add(
          new HistoryEntry(
              plan.attempt(),
              step,
              plan.installation().mixer().name(),
              shares(plan.proposal().p().toArray()),
              shares(plan.q().toArray()),
              counts(stepRows(plan)),
              losses(a, step)));
      for (Operations.Accepted o : core.operations.actingAt(a, step))
        operations.computeIfAbsent(o.sequence, sequence -> operation(o));
    }
    return new HistoryAnswer(from, entries, List.copyOf(operations.values()));
  }

  public MixerAnswer mixer() {
    long next = core.upTo();
    var scheduled = new ArrayList<OperationView>();
    var history = new ArrayList<OperationView>();
    for (Operations.Accepted o : core.operations.all()) {
      if (!(o.event instanceof Event.MixerInstalled)) continue;
      history.add(operation(o));
      if (o.event.effectiveStep() > next && o.cancelledAtSequence == Long.MAX_VALUE)
        scheduled.add(operation(o));
    }
    var bypassed = new ArrayList<OperationView>();
    if (core.attempts.isEmpty()) {
      Event.MixerInstalled first = (Event.MixerInstalled) core.operations.all().getFirst().event;
      var view =
          new MixerView(
              first.mixer().name(),
              first.mixer().parameters(),
              first.version(),
              -1,
              0,
              core.operations.mixer(-1).awaits());
      return new MixerAnswer(core.tag(), next, view, Map.of(), scheduled, history, bypassed);
    }
    Attempt a = core.attempts.newest();
    for (Operations.Accepted o : core.operations.bypassed(a)) bypassed.add(operation(o));
    Installation in = core.operations.installation(a, next);
    return new MixerAnswer(core.tag(), next, mixer(in), state(a, in), scheduled, history, bypassed);
  }

  private Map<String, double[]> state(Attempt a, Installation in) {
    Event.StepClosed close =
        in.awaitsStep() && a.frontier > in.effectiveStep()
            ? core.ledger().stepClosed(a, a.frontier - 1)
            : null;
    if (close != null) return close.decided().state();
    Event.BoundaryClosed boundary =
        a.boundaryFrontier > in.effectiveStep()
            ? core.ledger().boundaryClosed(a, a.boundaryFrontier - 1)
            : null;
    if (boundary != null) return boundary.decided().state();
    Decision start = core.proposals.start(in);
    return start == null ? Map.of() : start.state().toMap();
  }

  public OverridesAnswer overrides() {
    var history = new ArrayList<OperationView>();
    for (Operations.Accepted o : core.operations.all())
      if (o.event instanceof Event.OverrideSet || o.event instanceof Event.OverrideCleared)
        history.add(operation(o));
    long next = core.upTo();
    Event.OverrideSet set =
        core.attempts.isEmpty() ? null : core.operations.overrides(core.attempts.newest(), next);
    return new OverridesAnswer(
        next, set == null ? Map.of() : set.pins(), set == null ? Map.of() : set.clamps(), history);
  }

  private static long[] stepRows(StepPlan plan) {
    long[] rows = plan.units().after().rows();
    long[] before = plan.units().before();
    for (int i = 0; i < rows.length; i++) rows[i] -= before[i];
    return rows;
  }

  private Map<FeedbackKind, Map<String, Double>> losses(Attempt a, long step) {
    var byKind = new TreeMap<FeedbackKind, Map<String, Double>>();
    for (FeedbackKind kind : FeedbackKind.values()) {
      var sums = new LinkedHashMap<String, double[]>();
      for (Event.FeedbackPosted post : core.ledger().posts(a, kind, step).values())
        post.groups()
            .forEach(
                (name, seen) -> {
                  double[] sum = sums.computeIfAbsent(name, n -> new double[2]);
                  sum[0] += seen.lossSum();
                  sum[1] += seen.tokens();
                });
      var means = new LinkedHashMap<String, Double>();
      sums.forEach(
          (name, sum) -> {
            if (sum[1] > 0 && Double.isFinite(sum[0])) means.put(name, sum[0] / sum[1]);
          });
      if (!means.isEmpty()) byKind.put(kind, means);
    }
    return byKind;
  }

  private Map<String, Double> shares(double[] values) {
    var map = new LinkedHashMap<String, Double>();
    for (int i = 0; i < values.length; i++) map.put(spec.groups().get(i).name(), values[i]);
    return map;
  }

  private Map<String, Long> counts(long[] values) {
    var map = new LinkedHashMap<String, Long>();
    for (int i = 0; i < values.length; i++) map.put(spec.groups().get(i).name(), values[i]);
    return map;
  }
}
