package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.timeline.Event;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a mixer makes of the feedback of a step or boundary: the close to record. Owned by the run's
 * writer.
 */
final class Closer {
  private final Planner planner;
  private final Operations operations;
  private final Ledger ledger;
  private final Proposals proposals;
  private final int groups;

  Closer(Planner planner, Operations operations, Ledger ledger, Proposals proposals, int groups) {
    this.planner = planner;
    this.operations = operations;
    this.ledger = ledger;
    this.proposals = proposals;
    this.groups = groups;
  }

  /**
   * The close of an issued step, with what was posted for it.
   *
   * @param complete whether every reporter had posted
   */
  Event.StepClosed closeStep(Attempt attempt, long step, boolean complete) {
    Installation in = operations.installation(attempt, step);
    if (!(planner.plan(attempt, step) instanceof StepPlan plan))
      throw new IllegalStateException("step " + step + " is not planned");
    FeedbackKind kind = kindOf(in);
    SortedMap<Integer, Event.FeedbackPosted> posts = ledger.posts(attempt, kind, step);
    Event.StepClosed previous =
        step > in.effectiveStep() ? ledger.stepClosed(attempt, step - 1) : null;
    Event.Decided before = previous == null ? null : previous.decided();
    Event.Decided decided = fold(in, before, step, plan.q(), posts.values());
    var after = plan.units().after();
    var position = new Event.StepPosition(plan.q().toArray(), after.rows(), after.carry());
    return new Event.StepClosed(
        attempt.number, kind, step, List.copyOf(posts.keySet()), complete, decided, position);
  }

  /** The close of a boundary, with the validation losses posted for it or without. */
  Event.BoundaryClosed closeBoundary(Attempt attempt, long step) {
    return closeBoundary(attempt, step, operations.installation(attempt, step));
  }

  /**
   * @param in in force when it is closed: until the step is issued, an operator may still put
   *     another mixer there
   */
  Event.BoundaryClosed closeBoundary(Attempt attempt, long step, Installation in) {
    long previous = step - 1;
    while (previous >= in.effectiveStep() && !in.isBoundary(previous)) previous--;
    Event.BoundaryClosed last =
        previous >= in.effectiveStep() ? ledger.boundaryClosed(attempt, previous) : null;
    SortedMap<Integer, Event.FeedbackPosted> posts =
        ledger.posts(attempt, FeedbackKind.VALIDATION, step);
    Event.Decided before = last == null ? null : last.decided();
    Event.Decided decided = fold(in, before, step, servedBefore(attempt, step), posts.values());
    return new Event.BoundaryClosed(attempt.number, step, !posts.isEmpty(), decided);
  }

  private static FeedbackKind kindOf(Installation in) {
    FeedbackKind kind = in.mixer().awaits();
    if (kind == null) throw new IllegalStateException(in.mixer().name() + " awaits nothing");
    return kind;
  }

  /** What was sampled at the step before a boundary; uniform before the first. */
  private Proportions servedBefore(Attempt attempt, long step) {
    if (step == 0) return Proportions.uniform(groups);
    return planner.plan(attempt, step - 1) instanceof StepPlan plan
        ? plan.q()
        : Proportions.uniform(groups);
  }

  private Event.Decided fold(
      Installation in,
      Event.@Nullable Decided before,
      long step,
      Proportions q,
      Collection<Event.FeedbackPosted> posts) {
    MixerState state;
    if (before != null) state = MixerState.of(before.state());
    else {
      Decision start = proposals.start(in);
      if (start == null)
        throw new IllegalStateException(
            "the start of operation " + in.operation() + " is undecided");
      state = start.state();
    }
    Decision next = in.mixer().fold(state, observe(step - in.effectiveStep() + 1, q, posts));
    return new Event.Decided(
        in.mixer().name(),
        in.mixer().version(),
        in.operation(),
        next.p().toArray(),
        next.lossWeights(),
        next.state().toMap());
  }

  /**
   * Sums over reporters, in rank order. A group whose sum leaves the range of a double counts as
   * not seen.
   */
  private Observation observe(long t, Proportions q, Collection<Event.FeedbackPosted> posts) {
    double[] lossSum = new double[groups];
    long[] tokens = new long[groups];
    for (Event.FeedbackPosted post : posts)
      post.groups()
          .forEach(
              (name, seen) -> {
                int i = planner.index(name);
                lossSum[i] += seen.lossSum();
                tokens[i] += seen.tokens();
              });
    for (int i = 0; i < groups; i++) if (!Double.isFinite(lossSum[i])) lossSum[i] = tokens[i] = 0;
    return new Observation(t, q, lossSum, tokens);
  }
}
