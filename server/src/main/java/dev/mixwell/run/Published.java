package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Attempts;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Lineage;
import dev.mixwell.fold.Recent;
import dev.mixwell.fold.StepPlan;
import java.util.ArrayList;
import java.util.Collections;
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
 * @param evaluations steps near upTo of the newest attempt at which validation losses are due; null
 *     if the mixer fails to say
 * @param plans of issued steps, the recent ones
 * @param next completes when this view is out of date
 */
public record Published(
    List<AttemptView> attempts,
    boolean finished,
    long size,
    long firstUndecided,
    boolean evaluates,
    @Nullable Set<Long> evaluations,
    Recent<StepPlan> plans,
    CompletableFuture<Void> next) {

  /**
   * @param parent that it continues; null if it continues none
   * @param fence steps from here on are refused; null if none is
   */
  public record AttemptView(
      int number,
      long fromStep,
      int world,
      @Nullable AttemptView parent,
      long upTo,
      @Nullable Long fence,
      boolean superseded)
      implements Lineage<AttemptView> {
    boolean isFenced(long step) {
      return fence != null && step >= fence;
    }
  }

  /**
   * @param size entries of the timeline that the state is the fold of
   */
  static Published of(Folded run, long size) {
    long undecided = 0;
    var evaluations = new TreeSet<Long>();
    if (!run.attempts().isEmpty()) {
      Attempt newest = run.attempts().newest();
      undecided = run.firstUndecided(newest);
      for (long step = firstWatched(run.spec(), newest.upTo()); step <= newest.upTo(); step++)
        if (step >= newest.fromStep() && run.isEvaluationDue(newest, step)) evaluations.add(step);
    }
    boolean evaluates =
        run.spec().evaluateEvery() > 0 || run.operations().anyAwaits(FeedbackKind.VALIDATION);
    return of(run, size, undecided, evaluates, Collections.unmodifiableSet(evaluations));
  }

  /** As {@link #of}, without anything that a mixer would have to say. */
  static Published withoutDecisions(Folded run, long size) {
    return of(run, size, run.upTo(), true, null);
  }

  private static Published of(
      Folded run,
      long size,
      long firstUndecided,
      boolean evaluates,
      @Nullable Set<Long> evaluations) {
    var attempts = new ArrayList<AttemptView>();
    for (Attempt a : run.attempts().all()) attempts.add(view(a, attempts));
    return new Published(
        List.copyOf(attempts),
        run.isFinished(),
        size,
        firstUndecided,
        evaluates,
        evaluations,
        run.plans(),
        new CompletableFuture<>());
  }

  /**
   * @param before the attempts before it
   */
  private static AttemptView view(Attempt a, List<AttemptView> before) {
    Attempt parent = a.parent();
    return new AttemptView(
        a.number(),
        a.fromStep(),
        a.world(),
        parent == null ? null : before.get(parent.number()),
        a.upTo(),
        a.fence(),
        a.isSuperseded());
  }

  private static long firstWatched(RunSpec spec, long upTo) {
    return Math.max(0, upTo - spec.lookahead() - spec.issueAhead());
  }

  /** Whether validation losses are due at a step; null if this view does not know. */
  @Nullable Boolean isEvaluationDue(RunSpec spec, AttemptView attempt, long step) {
    if (!evaluates) return false;
    boolean isWatched =
        !attempt.superseded
            && step >= firstWatched(spec, attempt.upTo)
            && step >= attempt.fromStep
            && step <= attempt.upTo;
    return evaluations == null || !isWatched ? null : evaluations.contains(step);
  }

  /**
   * @throws Refusal {@code attempt-not-found}
   */
  AttemptView attempt(int number) {
    return Attempts.numbered(attempts, number);
  }

  public @Nullable AttemptView newest() {
    return attempts.isEmpty() ? null : attempts.getLast();
  }
}
