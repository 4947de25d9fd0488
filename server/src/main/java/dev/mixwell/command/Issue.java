package dev.mixwell.command;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Planned;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.sampler.Composition;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Issues a step, and up to issueAhead decided ones after it. If the step cannot be issued, the
 * decided ones before it are, so that is an answer and no refusal: a command that refuses has
 * changed nothing.
 */
public record Issue(int attempt, long step) implements Command<Issue.Outcome> {
  /** What asking for a step gives. */
  public sealed interface Outcome {
    /** The step is issued. */
    record Issued() implements Outcome {}

    /** The step waits for feedback. The decided ones before it are issued. */
    record Waits(Missing missing) implements Outcome {}

    /**
     * The step, or one before it, cannot be issued: the data is used up, or the mixer has another
     * version, until an operator does something; or a newer attempt has taken over, or the run is
     * finished. Those before are issued.
     */
    record Never(Refusal why) implements Outcome {}
  }

  @Override
  public Outcome execute(Fold fold, long nowMillis) {
    Folded run = fold.folded();
    Attempt a = run.attempts().get(attempt);
    if (step < a.upTo()) return new Outcome.Issued();
    if (a.isSuperseded()) return new Outcome.Never(a.superseded());
    if (run.isFinished()) return new Outcome.Never(run.finished());
    Closing.whatWasHeld(fold, a, nowMillis);
    int issueAhead = run.spec().issueAhead();
    long last = a.upTo() + run.spec().lookahead() + issueAhead;
    if (step > last) throw tooFarAhead(a, last);
    long decided = run.decidedUpTo(a, step + 1 + issueAhead);
    if (decided > a.upTo()) fold.append(new Event.Issued(attempt, decided), nowMillis);
    if (step < a.upTo()) return new Outcome.Issued();
    return switch (run.plan(a, a.upTo())) {
      case Planned.Undecided undecided -> new Outcome.Waits(missing(run, a, undecided));
      case Planned.Held(Installation by) ->
          new Outcome.Never(by.held("step " + a.upTo() + " is not decided"));
      case Planned.Exhausted exhausted -> new Outcome.Never(exhausted(run, a.upTo(), exhausted));
      case StepPlan plan ->
          throw new IllegalStateException("step " + plan.step() + " is decided but not issued");
    };
  }

  private static Missing missing(Folded run, Attempt a, Planned.Undecided undecided) {
    FeedbackKind kind = undecided.kind();
    if (kind == FeedbackKind.VALIDATION) return new Missing(kind, undecided.step(), List.of());
    // In order: an open step holds the others up.
    long first = a.hasOpenStep() ? a.nextClose() : undecided.step();
    var ranks = new ArrayList<Integer>();
    SortedMap<Integer, Event.FeedbackPosted> posts = run.ledger().posts(a, kind, first);
    for (int rank = 0; rank < run.reporters(a, kind); rank++)
      if (!posts.containsKey(rank)) ranks.add(rank);
    return new Missing(kind, first, ranks);
  }

  /** A typing error in a step must not issue a million of them. */
  private Refusal tooFarAhead(Attempt a, long last) {
    return new Refusal(
            ProblemType.NOT_ISSUED,
            "Step %d is too far ahead: attempt %d has issued the steps below %d, and takes pulls up to %d. Pull the steps in order."
                .formatted(step, attempt, a.upTo(), last))
        .with("upTo", a.upTo());
  }

  private static Refusal exhausted(Folded run, long step, Planned.Exhausted exhausted) {
    String who =
        switch (exhausted.what()) {
          case Composition.Exhausted.EveryGroup() -> "every group";
          case Composition.Exhausted.OneGroup(int group) ->
              "group `" + run.spec().groups().get(group).name() + "`";
        };
    return new Refusal(
            ProblemType.DATA_EXHAUSTED,
            "Step %d cannot be filled: %s is used up under the policy %s. Finish the run, or start one with more epochs."
                .formatted(step, who, run.spec().exhausted().policy()))
        .with("step", step);
  }
}
