package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Recent;
import dev.mixwell.fold.RunCore;
import dev.mixwell.fold.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What requests may know of a run: durable facts only. Immutable; a new one is published after each
 * commit.
 *
 * @param size entries of the timeline
 * @param firstUndecided of the newest attempt, or a step beyond what one block can issue
 * @param evaluates whether validation losses can ever be due
 * @param evaluations steps near upTo of the newest attempt at which validation losses are due
 * @param plans of issued steps, the recent ones
 * @param next completes when this view is out of date
 */
public record RunView(
    List<AttemptView> attempts,
    boolean finished,
    long size,
    long firstUndecided,
    boolean evaluates,
    Set<Long> evaluations,
    Recent<StepPlan> plans,
    CompletableFuture<Void> next) {

  /**
   * @param ownerBelow the attempt that owns the step just below fromStep; -1 for none
   * @param fence steps from here on are refused
   */
  public record AttemptView(
      int number,
      long fromStep,
      int world,
      int ownerBelow,
      long upTo,
      long fence,
      boolean superseded) {}

  /**
   * @param size entries of the timeline that the core is the fold of
   */
  static RunView of(RunCore core, long size) {
    var attempts = new ArrayList<AttemptView>();
    for (Attempt a : core.attempts.all()) {
      int below = a.fromStep == 0 || a.parent == null ? -1 : a.parent.owner(a.fromStep - 1).number;
      attempts.add(
          new AttemptView(a.number, a.fromStep, a.world, below, a.upTo, a.fence, a.isSuperseded()));
    }
    long undecided = 0;
    var evaluations = new TreeSet<Long>();
    if (!attempts.isEmpty()) {
      Attempt newest = core.attempts.newest();
      undecided = core.decidedUpTo(newest, newest.upTo + 1 + core.spec().issueAhead());
      for (long step = firstWatched(core.spec(), newest.upTo); step <= newest.upTo; step++)
        if (step >= newest.fromStep && core.isEvaluationDue(newest, step)) evaluations.add(step);
    }
    return new RunView(
        List.copyOf(attempts),
        core.isFinished(),
        size,
        undecided,
        core.spec().evaluateEvery() > 0 || core.operations.anyAwaits(FeedbackKind.VALIDATION),
        evaluations,
        core.planner.plans(),
        new CompletableFuture<>());
  }

  private static long firstWatched(RunSpec spec, long upTo) {
    return Math.max(0, upTo - spec.lookahead() - spec.issueAhead());
  }

  /** Whether {@link #evaluations} tells of a step. */
  boolean watches(RunSpec spec, AttemptView attempt, long step) {
    return !attempt.superseded
        && step >= firstWatched(spec, attempt.upTo)
        && step >= attempt.fromStep
        && step <= attempt.upTo;
  }

  AttemptView attempt(int number) {
    if (number < 0 || number >= attempts.size())
      throw new Refusal(
          ProblemType.ATTEMPT_NOT_FOUND,
          "There is no attempt "
              + number
              + "; this run has "
              + attempts.size()
              + ". Open one first.");
    return attempts.get(number);
  }

  public @Nullable AttemptView newest() {
    return attempts.isEmpty() ? null : attempts.getLast();
  }

  /** The attempt of the lineage that owns a step. */
  AttemptView owner(AttemptView attempt, long step) {
    AttemptView a = attempt;
    while (step < a.fromStep && a.ownerBelow >= 0) a = attempts.get(a.ownerBelow);
    return a;
  }
}
