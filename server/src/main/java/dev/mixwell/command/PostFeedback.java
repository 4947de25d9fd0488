package dev.mixwell.command;

import dev.mixwell.api.FeedbackAnswer;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Recorded;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.RecordedFeedback;
import java.util.Arrays;
import java.util.Objects;
import java.util.SortedMap;

/**
 * Records feedback, once: refused in the order fenced, repeated or in conflict, finished, not
 * issued, closed, bad payload. Closes what it completes.
 */
public record PostFeedback(int attempt, long step, FeedbackRequest request)
    implements Command<FeedbackAnswer> {
  @Override
  public FeedbackAnswer execute(Fold fold, long nowMillis) {
    Folded run = fold.folded();
    Attempt a = run.attempts().get(attempt);
    a.refuseIfSuperseded();
    int reporter = isByRank(run) && request.rank() != null ? request.rank() : 0;
    Event.FeedbackPosted recorded = run.ledger().posts(a, request.kind(), step).get(reporter);
    if (recorded != null) return repeated(run, a, recorded);
    run.refuseIfFinished();
    refuseUnlessIssued(a);
    refuseIfClosed(run, a);
    checkPayload(run, a);
    long openBoundary = a.nextBoundary();
    fold.append(
        new Event.FeedbackPosted(
            attempt, request.kind(), step, reporter, positiveZeros(), request.learningRate()),
        nowMillis);
    if (isValidation()) Closing.boundaries(fold, a, openBoundary, step, nowMillis);
    else Closing.completeSteps(fold, a, nowMillis);
    return new FeedbackAnswer(false, run.firstUndecided(a));
  }

  private boolean isValidation() {
    return request.kind() == FeedbackKind.VALIDATION;
  }

  private boolean isByRank(Folded run) {
    return run.spec().isByRank(request.kind());
  }

  private FeedbackAnswer repeated(Folded run, Attempt a, Event.FeedbackPosted recorded) {
    if (recorded.groups().equals(positiveZeros())
        && Objects.equals(recorded.learningRate(), request.learningRate()))
      return new FeedbackAnswer(true, run.firstUndecided(a));
    throw new Refusal(
            ProblemType.FEEDBACK_CONFLICT,
            "Other %s feedback of reporter %d is recorded for step %d; what is recorded stays."
                .formatted(request.kind().label(), recorded.reporter(), recorded.step()))
        .with("step", recorded.step());
  }

  private void refuseUnlessIssued(Attempt a) {
    long end = a.upTo() + (isValidation() ? 1 : 0);
    if (step < a.fromStep() || step >= end)
      throw new Refusal(
              ProblemType.NOT_ISSUED,
              "Attempt %d takes %s feedback for steps %d to %d; step %d is not among them. Pull a step before posting for it."
                  .formatted(
                      attempt,
                      isValidation() ? "validation" : "train",
                      a.fromStep(),
                      end - 1,
                      step))
          .with("upTo", a.upTo());
  }

  private void refuseIfClosed(Folded run, Attempt a) {
    boolean closed =
        isValidation()
            ? run.ledger().isBoundaryClosedIn(a, step)
            : request.kind() == run.operations().installation(a, step).mixer().awaits()
                && run.ledger().stepClosed(a, step) != null;
    if (closed)
      throw new Refusal(
              ProblemType.STEP_CLOSED,
              "Step "
                  + step
                  + " is closed without this feedback; it counts as settled for a checkpoint.")
          .with("step", step);
  }

  private void checkPayload(Folded run, Attempt a) {
    new FeedbackCheck(run.spec()).check(request, rowsSeen(run, a));
  }

  /** Rows of each group that the reporter saw. */
  private long[] rowsSeen(Folded run, Attempt a) {
    if (isValidation()) {
      long[] heldOut = new long[run.spec().groups().size()];
      Arrays.fill(heldOut, run.spec().validationRows());
      return heldOut;
    }
    if (!isByRank(run)) return rowsOfShare(run, a, 0, 1);
    Integer rank = request.rank();
    if (rank == null || rank < 0 || rank >= a.world())
      throw new Refusal(
          ProblemType.RANK_OUT_OF_RANGE,
          "`rank` is "
              + rank
              + "; every rank from 0 to "
              + (a.world() - 1)
              + " posts its own sums.");
    return rowsOfShare(run, a, rank, a.world());
  }

  /** Rows of each group in one of {@code shares} equal parts of the step. */
  private long[] rowsOfShare(Folded run, Attempt a, int share, int shares) {
    if (!(run.plan(a, step) instanceof StepPlan plan))
      throw new IllegalStateException("issued step " + step + " has no plan");
    long[] rows = new long[run.spec().groups().size()];
    int size = plan.units().seats() / shares;
    for (int unit = share * size; unit < (share + 1) * size; unit++)
      rows[plan.units().unitGroup(unit)] += run.spec().unitRows();
    return rows;
  }

  private SortedMap<String, RecordedFeedback> positiveZeros() {
    return Recorded.feedback(request.groups());
  }
}
