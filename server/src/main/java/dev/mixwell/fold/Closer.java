package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.sampler.Position;
import dev.mixwell.timeline.Event;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a mixer makes of the feedback of a step or boundary: the close to record. Owned by the run's
 * writer.
 */
public final class Closer {
  private final Planner planner;
  private final Operations operations;
  private final Ledger ledger;
  private final Proposals proposals;
  private final Observed observed;
  private final Folding folding;
  private final int groups;

  Closer(
      Planner planner, Operations operations, Ledger ledger, Proposals proposals, Folding folding) {
    this.planner = planner;
    this.operations = operations;
    this.ledger = ledger;
    this.proposals = proposals;
    this.folding = folding;
    this.groups = planner.groups();
    this.observed = new Observed(groups, planner);
  }

  /** [m] nats per token over all posts; NaN where nothing was seen. */
  public double[] meanLosses(Collection<Event.FeedbackPosted> posts) {
    return observed.meanLosses(posts);
  }

  /**
   * The close of an issued step, with what was posted for it.
   *
   * @param complete whether every reporter had posted
   */
  public Event.StepClosed closeStep(Attempt attempt, long step, boolean complete) {
    Installation in = operations.installation(attempt, step);
    if (!(planner.plan(attempt, step) instanceof StepPlan plan))
      throw new IllegalStateException("step " + step + " is not planned");
    FeedbackKind kind = kindOf(in);
    SortedMap<Integer, Event.FeedbackPosted> posts = ledger.posts(attempt, kind, step);
    Event.StepClosed previous =
        step > in.effectiveStep() ? ledger.stepClosed(attempt, step - 1) : null;
    Event.Decided before = previous == null ? null : previous.decided();
    LossHistory history = history(attempt, in.effectiveStep(), kind);
    Observation seen = seenAt(plan, in.effectiveStep(), posts, history);
    return new Event.StepClosed(
        attempt.number(),
        kind,
        step,
        List.copyOf(posts.keySet()),
        complete,
        fold(in, before, seen),
        recorded(plan.units().after()));
  }

  /** The close of a boundary, with the validation losses posted for it or without. */
  public Event.BoundaryClosed closeBoundary(Attempt attempt, long step) {
    return closeBoundary(attempt, step, operations.installation(attempt, step));
  }

  /**
   * @param in in force when it is closed: until the step is issued, an operator may still put
   *     another mixer there
   */
  public Event.BoundaryClosed closeBoundary(Attempt attempt, long step, Installation in) {
    long previous = step - 1;
    while (previous >= in.effectiveStep() && !in.isBoundary(previous)) previous--;
    Event.BoundaryClosed last =
        previous >= in.effectiveStep() ? ledger.boundaryClosed(attempt, previous) : null;
    SortedMap<Integer, Event.FeedbackPosted> posts =
        ledger.posts(attempt, FeedbackKind.VALIDATION, step);
    Event.Decided before = last == null ? null : last.decided();
    Position here = planner.positionBefore(attempt, step);
    long[] rowsAtLast = last == null ? null : last.position().rows();
    Observation seen = seenBefore(step - in.effectiveStep() + 1, here, rowsAtLast, posts);
    return new Event.BoundaryClosed(
        attempt.number(), step, !posts.isEmpty(), fold(in, before, seen), recorded(here));
  }

  /**
   * The posts of an issued step as a mixer sees them that took effect at {@code from}.
   *
   * @param history of that mixer
   */
  public Observation seenAt(
      StepPlan plan,
      long from,
      SortedMap<Integer, Event.FeedbackPosted> posts,
      LossHistory history) {
    long t = plan.step() - from + 1;
    return observed.step(t, plan.q(), plan.units().rows(), posts.values(), history);
  }

  /**
   * The posts of a boundary as its mixer sees them.
   *
   * @param t as {@link Observation#t}
   * @param here where the run stands before the step
   * @param rowsAtLast where it stood at that mixer's boundary before; null at its first
   */
  public Observation seenBefore(
      long t,
      Position here,
      long @Nullable [] rowsAtLast,
      SortedMap<Integer, Event.FeedbackPosted> posts) {
    long[] rows = rowsAtLast == null ? new long[groups] : here.rowsSince(rowsAtLast);
    double[] q = here.q();
    Proportions served = q == null ? Proportions.uniform(groups) : Proportions.of(q);
    return observed.step(t, served, rows, posts.values(), LossHistory.NONE);
  }

  private static FeedbackKind kindOf(Installation in) {
    FeedbackKind kind = in.mixer().awaits();
    if (kind == null) throw new IllegalStateException(in.mixer().name() + " awaits nothing");
    return kind;
  }

  private static Event.StepPosition recorded(Position position) {
    return new Event.StepPosition(position.q(), position.rows(), position.carry());
  }

  /** What steps saw from {@code effective} on, read back from the record. */
  public LossHistory history(Attempt attempt, long effective, FeedbackKind kind) {
    return (from, to, visitor) -> {
      for (long t = from; t <= to; t++) {
        long step = effective + t - 1;
        double[] losses = observed.meanLosses(ledger.readPosts(attempt, kind, step).values());
        visitor.step(t, losses, () -> planner.positionBefore(attempt, step + 1).rows());
      }
    };
  }

  private Event.Decided fold(Installation in, Event.@Nullable Decided before, Observation seen) {
    if (in.isHeld()) throw in.held("it takes no feedback in");
    MixerState state;
    if (before != null) state = MixerState.of(before.state());
    else {
      Decision start = proposals.start(in);
      if (start == null)
        throw new IllegalStateException(
            "the start of operation " + in.operation() + " is undecided");
      state = start.state();
    }
    Decision next = folding.fold(in.mixer(), state, seen);
    return new Event.Decided(
        in.mixer().name(),
        in.mixer().version(),
        in.operation(),
        next.p().toArray(),
        next.lossWeights(),
        next.state().toMap());
  }
}
