package dev.mixwell.answer;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.HistoryAnswer;
import dev.mixwell.api.HistoryEntry;
import dev.mixwell.api.MixerAnswer;
import dev.mixwell.api.MixerView;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.OverridesAnswer;
import dev.mixwell.api.PlanAnswer;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Operations;
import dev.mixwell.fold.Recorded;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.timeline.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A run's state as answers. Only the run's writer calls it. */
public final class Answers {
  private static final long FIRST_MIXER = Operations.FIRST_MIXER;

  private final Folded run;
  private final GroupNames names;

  public Answers(Folded run) {
    this.run = run;
    this.names = GroupNames.of(run.created());
  }

  public static OperationView operation(Operations.Accepted o) {
    OperationView view = operation(o.sequence(), o.atMillis(), o.event());
    if (o.isCancelled()) view.value().put("cancelled", true);
    return view;
  }

  public static OperationView operation(long sequence, long atMillis, Event.Operation event) {
    var value = new LinkedHashMap<String, Object>();
    String kind =
        switch (event) {
          case Event.MixerInstalled e -> {
            value.put("mixer", Recorded.mixerSpec(e.mixer()));
            value.put("version", e.version());
            value.put("start", e.fromCurrent() ? "current" : "own");
            yield "mixer";
          }
          case Event.OverrideSet e -> {
            value.put("pins", e.pins());
            value.put("clamps", Recorded.overridesClamps(e.clamps()));
            yield "overrides";
          }
          case Event.OverrideCleared _ -> "overrides";
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
        in.event().version(),
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
        names.shares(plan.proposal().p().toArray()),
        names.shares(plan.q().toArray()),
        names.counts(plan.units().rows()),
        names.counts(plan.units().before()),
        weights == null ? null : names.shares(weights),
        evaluateAfter);
  }

  /** Issued steps [from, to) of the newest attempt's lineage. */
  public HistoryAnswer history(long from, long to) {
    var entries = new ArrayList<HistoryEntry>();
    var operations = new TreeMap<Long, OperationView>();
    if (run.attempts().isEmpty()) return new HistoryAnswer(from, entries, List.of());
    Attempt a = run.attempts().newest();
    for (long step = from; step < Math.min(to, a.upTo()); step++) {
      if (!(run.plan(a, step) instanceof StepPlan plan)) break;
      entries.add(
          new HistoryEntry(
              plan.attempt(),
              step,
              plan.installation().mixer().name(),
              names.shares(plan.proposal().p().toArray()),
              names.shares(plan.q().toArray()),
              names.counts(plan.units().rows()),
              losses(a, step)));
      for (Operations.Accepted o : run.operations().actingAt(a, step))
        operations.computeIfAbsent(o.sequence(), sequence -> operation(o));
    }
    return new HistoryAnswer(from, entries, List.copyOf(operations.values()));
  }

  public MixerAnswer mixer() {
    long next = run.upTo();
    var scheduled = new ArrayList<OperationView>();
    var history = new ArrayList<OperationView>();
    for (Operations.Accepted o : run.operations().all()) {
      if (!(o.event() instanceof Event.MixerInstalled)) continue;
      history.add(operation(o));
      if (o.event().effectiveStep() > next && !o.isCancelled()) scheduled.add(operation(o));
    }
    var bypassed = new ArrayList<OperationView>();
    if (run.attempts().isEmpty())
      return new MixerAnswer(run.tag(), next, inForce(), Map.of(), scheduled, history, bypassed);
    Attempt a = run.attempts().newest();
    for (Operations.Accepted o : run.operations().bypassed(a)) bypassed.add(operation(o));
    var state = state(a, run.operations().installation(a, next)).toLists();
    return new MixerAnswer(run.tag(), next, inForce(), state, scheduled, history, bypassed);
  }

  /** The mixer in force at the first step that is not issued. */
  public MixerView inForce() {
    if (!run.attempts().isEmpty())
      return mixer(run.operations().installation(run.attempts().newest(), run.upTo()));
    return view(FIRST_MIXER, firstMixer(), run.operations().mixer(FIRST_MIXER).awaits());
  }

  /** The mixer of {@link #inForce}, by its event alone: what only the mixer can say is left out. */
  public MixerView installed() {
    if (run.attempts().isEmpty()) return view(FIRST_MIXER, firstMixer(), null);
    Installation in = run.operations().installation(run.attempts().newest(), run.upTo());
    return view(in.operation(), in.event(), null);
  }

  private Event.MixerInstalled firstMixer() {
    return (Event.MixerInstalled) run.operations().all().getFirst().event();
  }

  private static MixerView view(
      long operation, Event.MixerInstalled event, @Nullable FeedbackKind awaits) {
    return new MixerView(
        event.mixer().name(),
        event.mixer().parameters(),
        event.version(),
        operation,
        event.effectiveStep(),
        awaits);
  }

  /** The state after the mixer's last close; before any, the one it starts with. */
  private MixerState state(Attempt a, Installation in) {
    if (in.awaitsStep() && a.nextClose() > in.effectiveStep()) {
      Event.StepClosed close = run.ledger().stepClosed(a, a.nextClose() - 1);
      if (close != null) return MixerState.of(close.decided().state());
    }
    for (long step = a.nextBoundary() - 1; awaitsBoundaries(in, step); step--) {
      Event.BoundaryClosed close =
          in.isBoundary(step) ? run.ledger().boundaryClosed(a, step) : null;
      if (close != null) return MixerState.of(close.decided().state());
    }
    Decision start = in.isHeld() ? null : run.start(in);
    return start == null ? MixerState.empty() : start.state();
  }

  private static boolean awaitsBoundaries(Installation in, long step) {
    return in.mixer().awaits() == FeedbackKind.VALIDATION && step >= in.effectiveStep();
  }

  public OverridesAnswer overrides() {
    var history = new ArrayList<OperationView>();
    for (Operations.Accepted o : run.operations().all())
      if (o.event() instanceof Event.OverrideSet || o.event() instanceof Event.OverrideCleared)
        history.add(operation(o));
    long next = run.upTo();
    Event.OverrideSet set =
        run.attempts().isEmpty() ? null : run.operations().overrides(run.attempts().newest(), next);
    return new OverridesAnswer(
        next,
        set == null ? Map.of() : set.pins(),
        set == null ? Map.of() : Recorded.overridesClamps(set.clamps()),
        history);
  }

  /** Means by the names of the groups that were seen. */
  private Map<FeedbackKind, Map<String, Double>> losses(Attempt a, long step) {
    var byKind = new TreeMap<FeedbackKind, Map<String, Double>>();
    for (FeedbackKind kind : FeedbackKind.values()) {
      double[] losses = run.closer().meanLosses(run.ledger().posts(a, kind, step).values());
      var means = new TreeMap<String, Double>();
      for (int i = 0; i < losses.length; i++)
        if (!Double.isNaN(losses[i])) means.put(names.names().get(i), losses[i]);
      if (!means.isEmpty()) byKind.put(kind, means);
    }
    return byKind;
  }
}
