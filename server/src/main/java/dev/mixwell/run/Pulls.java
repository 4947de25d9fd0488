package dev.mixwell.run;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Issue;
import dev.mixwell.command.Missing;
import dev.mixwell.fold.Lineage;
import dev.mixwell.fold.Planned;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.timeline.RecordedRun;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a run as trainers pull them: from what is published, if it is issued. Thread-safe.
 */
final class Pulls {
  private final RecordedRun spec;
  private final RunWriter writer;
  private final Calls calls;
  private final AtomicBoolean extending = new AtomicBoolean();

  Pulls(RunWriter writer, Calls calls) {
    this.spec = writer.created().spec();
    this.writer = writer;
    this.calls = calls;
  }

  /** As {@link Run#pull}. */
  Pulled pull(int attempt, long step, int rank, Duration wait) {
    var pull = Wait.of(wait);
    while (true) {
      Published view = writer.view();
      Published.AttemptView a = view.attempt(attempt);
      checkOwner(a, step);
      Long fence = a.fence();
      if (fence != null && step >= fence) return fenced(attempt, fence);
      checkRank(a, rank);
      if (step < a.upTo()) {
        extendAhead(a, step);
        return IssuedStep.of(frozenPlan(view, a, step), rank, a.world(), spec.unitRows());
      }
      switch (calls.call(new Issue(attempt, step))) {
        case Issue.Outcome.Issued _ -> {}
        case Issue.Outcome.Waits(Missing missing) -> {
          if (!pull.forDecision(writer, view, step)) return undecided(step, missing);
        }
        case Issue.Outcome.Never(Refusal why) -> {
          return new Pulled.Ended(why);
        }
      }
    }
  }

  /** As {@link Run#issuedStepAtHand}. */
  @Nullable IssuedStep issuedStepAtHand(int attempt, long step, int rank) {
    Published view = writer.view();
    Published.AttemptView a = view.attempt(attempt);
    if (step < a.fromStep() || step >= a.upTo() || a.isFenced(step)) return null;
    StepPlan plan = view.plans().get(attempt, step);
    return plan == null ? null : IssuedStep.of(plan, rank, a.world(), spec.unitRows());
  }

  private static void checkOwner(Published.AttemptView a, long step) {
    if (step >= a.fromStep()) return;
    int owner = Lineage.owner(a, step).number();
    throw new Refusal(
            ProblemType.STEP_OF_ANOTHER_ATTEMPT,
            "Attempt %d starts at step %d; step %d was issued by attempt %d."
                .formatted(a.number(), a.fromStep(), step, owner))
        .with("owner", owner);
  }

  private static void checkRank(Published.AttemptView a, int rank) {
    if (rank < 0 || rank >= a.world())
      throw new Refusal(
          ProblemType.RANK_OUT_OF_RANGE,
          "`rank` is %d; attempt %d was opened with world %d: ranks 0 to %d."
              .formatted(rank, a.number(), a.world(), a.world() - 1));
  }

  private static Pulled fenced(int attempt, long fence) {
    var why =
        new Refusal(
            ProblemType.FENCED,
            "A newer attempt has taken over from step %d: stop this trainer, and do not start it again by itself."
                .formatted(fence));
    return new Pulled.Ended(why.with("attempt", attempt).with("fence", fence));
  }

  private static Pulled undecided(long step, Missing missing) {
    String who =
        missing.ranks().isEmpty()
            ? ""
            : " of " + (missing.ranks().size() == 1 ? "rank " : "ranks ") + missing.ranks();
    String kind = missing.kind().label();
    var why =
        new Refusal(
            ProblemType.UNDECIDED,
            "Step %d waits for the %s feedback%s at step %d. Post it, or let an operator swap the mixer."
                .formatted(step, kind, who, missing.step()));
    return new Pulled.Undecided(missing, why.with("missing", missing));
  }

  /** The plan of an issued step, in any attempt's lineage. */
  StepPlan issuedPlan(int attempt, long step) {
    Published view = writer.view();
    return frozenPlan(view, checkIssued(view, attempt, step), step);
  }

  private static Published.AttemptView checkIssued(Published view, int attempt, long step) {
    Published.AttemptView a = view.attempt(attempt);
    if (step >= a.upTo())
      throw new Refusal(
              ProblemType.NOT_ISSUED,
              "Attempt %d has issued the steps below %d; step %d is not fixed yet."
                  .formatted(attempt, a.upTo(), step))
          .with("upTo", a.upTo());
    return Lineage.owner(a, step);
  }

  private StepPlan frozenPlan(Published view, Published.AttemptView owner, long step) {
    StepPlan recent = view.plans().get(owner.number(), step);
    if (recent != null) return recent;
    Planned derived = calls.ask(folded -> folded.plan(folded.attempts().get(owner.number()), step));
    if (derived instanceof StepPlan plan) return plan;
    throw new IllegalStateException(
        "issued step " + step + " of attempt " + owner.number() + " has no plan: " + derived);
  }

  /**
   * Issues the next block in the background once half of the last one is used up, so that no pull
   * waits for a forced write.
   */
  private void extendAhead(Published.AttemptView a, long step) {
    boolean half = a.upTo() - step <= spec.issueAhead() / 2;
    if (!half
        || spec.issueAhead() == 0
        || a.superseded()
        || writer.view().finished()
        || !extending.compareAndSet(false, true)) return;
    try {
      calls.start(new Issue(a.number(), step + spec.issueAhead()), () -> extending.set(false));
    } catch (Refusal full) {
      extending.set(false); // the pull that needs the block asks for it, and is told
    }
  }
}
