package dev.mixwell.run;

import dev.mixwell.answer.Answers;
import dev.mixwell.answer.Mixing;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerView;
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
 * What requests may know of a run: durable facts only. A new one is published after each commit,
 * and none changes, but that the writer goes on with {@code plans}, and completes {@code next}.
 *
 * @param size entries of the timeline
 * @param firstUndecided of the newest attempt, or a step beyond what one block can issue
 * @param evaluates whether validation losses can ever be due
 * @param evaluations steps near upTo of the newest attempt at which validation losses are due; null
 *     if the mixer fails to say
 * @param mixing where the newest attempt stands
 * @param mixer in force at its first step that is not issued
 * @param plans the recent ones, as the writer has them now: to be asked only for steps below an
 *     attempt's upTo, whose plans are durable; one that is forgotten is computed again
 * @param next completes when this view is out of date
 */
public record Published(
    List<AttemptView> attempts,
    boolean finished,
    long size,
    long firstUndecided,
    boolean evaluates,
    @Nullable Set<Long> evaluations,
    Mixing mixing,
    MixerView mixer,
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
    StepPlan last = null;
    long undecided = 0;
    var evaluations = new TreeSet<Long>();
    if (!run.attempts().isEmpty()) {
      Attempt newest = run.attempts().newest();
      if (newest.upTo() > 0 && run.plan(newest, newest.upTo() - 1) instanceof StepPlan plan)
        last = plan;
      undecided = run.firstUndecided(newest);
      for (long step = firstWatched(run.spec(), newest.upTo()); step <= newest.upTo(); step++)
        if (step >= newest.fromStep() && run.isEvaluationDue(newest, step)) evaluations.add(step);
    }
    boolean evaluates =
        run.spec().evaluateEvery() > 0 || run.operations().anyAwaits(FeedbackKind.VALIDATION);
    MixerView mixer = new Answers(run).inForce();
    var decided =
        new Decided(undecided, evaluates, Collections.unmodifiableSet(evaluations), last, mixer);
    return of(run, size, decided);
  }

  /** As {@link #of}, without anything that a mixer would have to say. */
  static Published withoutDecisions(Folded run, long size) {
    return of(run, size, new Decided(run.upTo(), true, null, null, new Answers(run).installed()));
  }

  /** What a mixer has a say in. */
  private record Decided(
      long firstUndecided,
      boolean evaluates,
      @Nullable Set<Long> evaluations,
      @Nullable StepPlan last,
      MixerView mixer) {}

  private static Published of(Folded run, long size, Decided decided) {
    var attempts = new ArrayList<AttemptView>();
    for (Attempt a : run.attempts().all()) attempts.add(view(a, attempts));
    Integer newest = attempts.isEmpty() ? null : attempts.getLast().number;
    String mixer = decided.mixer.name();
    var mixing = new Mixing(newest, run.upTo(), decided.firstUndecided, mixer, decided.last);
    return new Published(
        List.copyOf(attempts),
        run.isFinished(),
        size,
        decided.firstUndecided,
        decided.evaluates,
        decided.evaluations,
        mixing,
        decided.mixer,
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

  /** Where the issued steps end; null if none is, or nobody can say. */
  @Nullable IssuedEnd issuedEnd() {
    AttemptView newest = newest();
    StepPlan last = mixing.last();
    return newest == null || last == null
        ? null
        : new IssuedEnd(newest.number, newest.upTo, last.units().after(), last.q());
  }

  public @Nullable AttemptView newest() {
    return attempts.isEmpty() ? null : attempts.getLast();
  }
}
