package dev.mixwell.command;

import dev.mixwell.api.FeedbackAnswer;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.RunCore;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.timeline.Event;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Records feedback, once: refused in the order fenced, repeated or in conflict, finished, not
 * issued, closed, bad payload. Owned by the run's writer.
 */
public final class Recorder {
  private final RunCore core;

  public Recorder(RunCore core) {
    this.core = core;
  }

  public FeedbackAnswer post(int attempt, long step, FeedbackRequest request, long nowMillis) {
    Attempt a = core.attempts.get(attempt);
    if (a.isSuperseded()) throw RunCore.fenced(a);
    boolean validation = request.kind() == FeedbackKind.VALIDATION;
    boolean byRank = core.spec().isByRank(request.kind());
    int reporter = byRank && request.rank() != null ? request.rank() : 0;
    Event.FeedbackPosted recorded = core.ledger().posts(a, request.kind(), step).get(reporter);
    if (recorded != null) return repeated(a, recorded, request);
    core.refuseIfFinished();
    if (step < a.fromStep || step >= a.upTo + (validation ? 1 : 0))
      throw notIssued(a, step, validation);
    refuseIfClosed(a, step, request.kind());
    checkPayload(a, step, request, byRank);
    core.append(
        new Event.FeedbackPosted(
            a.number,
            request.kind(),
            step,
            reporter,
            positiveZeros(request),
            request.learningRate()),
        nowMillis);
    if (validation) core.closeBoundaries(a, step, nowMillis);
    else core.closeComplete(a, nowMillis);
    return new FeedbackAnswer(false, core.firstUndecided(a));
  }

  private FeedbackAnswer repeated(
      Attempt a, Event.FeedbackPosted recorded, FeedbackRequest request) {
    if (recorded.groups().equals(positiveZeros(request))
        && Objects.equals(recorded.learningRate(), request.learningRate()))
      return new FeedbackAnswer(true, core.firstUndecided(a));
    throw new Refusal(
            ProblemType.FEEDBACK_CONFLICT,
            "Other %s feedback of reporter %d is recorded for step %d; what is recorded stays."
                .formatted(request.kind().label(), recorded.reporter(), recorded.step()))
        .with("step", recorded.step());
  }

  private void refuseIfClosed(Attempt a, long step, FeedbackKind kind) {
    boolean closed =
        kind == FeedbackKind.VALIDATION
            ? core.ledger().isBoundaryClosedIn(a, step)
            : kind == core.operations.installation(a, step).mixer().awaits()
                && core.ledger().stepClosed(a, step) != null;
    if (closed)
      throw new Refusal(
              ProblemType.STEP_CLOSED,
              "Step "
                  + step
                  + " is closed without this feedback; it counts as settled for a checkpoint.")
          .with("step", step);
  }

  private void checkPayload(Attempt a, long step, FeedbackRequest request, boolean byRank) {
    Integer rank = request.rank();
    if (byRank && (rank == null || rank < 0 || rank >= a.world))
      throw new Refusal(
          ProblemType.RANK_OUT_OF_RANGE,
          "`rank` is " + rank + "; every rank from 0 to " + (a.world - 1) + " posts its own sums.");
    new FeedbackCheck(core.spec())
        .check(request, rowsSeen(a, step, request.kind(), byRank && rank != null ? rank : -1));
  }

  /**
   * Rows of each group that a reporter saw: held-out ones, those of its share of the step, or (rank
   * -1) of the whole step.
   */
  private long[] rowsSeen(Attempt a, long step, FeedbackKind kind, int rank) {
    long[] rows = new long[core.spec().groups().size()];
    if (kind == FeedbackKind.VALIDATION) {
      java.util.Arrays.fill(rows, core.spec().validationRows());
      return rows;
    }
    if (!(core.planner.plan(a, step) instanceof StepPlan plan))
      throw new IllegalStateException("issued step " + step + " has no plan");
    int[] units = plan.units().unitGroups();
    int share = units.length / a.world;
    int from = rank < 0 ? 0 : rank * share;
    int to = rank < 0 ? units.length : from + share;
    for (int i = from; i < to; i++) rows[units[i]] += core.spec().unitRows();
    return rows;
  }

  private static SortedMap<String, GroupFeedback> positiveZeros(FeedbackRequest request) {
    var groups = new TreeMap<String, GroupFeedback>();
    request
        .groups()
        .forEach(
            (name, seen) ->
                groups.put(
                    name,
                    new GroupFeedback(seen.lossSum() + 0.0, seen.tokens(), seen.alignment())));
    return groups;
  }

  private static Refusal notIssued(Attempt a, long step, boolean validation) {
    return new Refusal(
            ProblemType.NOT_ISSUED,
            "Attempt %d takes %s feedback for steps %d to %d; step %d is not among them. Pull a step before posting for it."
                .formatted(
                    a.number,
                    validation ? "validation" : "train",
                    a.fromStep,
                    a.upTo - (validation ? 0 : 1),
                    step))
        .with("upTo", a.upTo);
  }
}
