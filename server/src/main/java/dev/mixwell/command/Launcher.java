package dev.mixwell.command;

import dev.mixwell.answer.Views;
import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.OperationView;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Operations;
import dev.mixwell.fold.RunCore;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;

/**
 * Opens attempts: every launch of a trainer forks from a parent, supersedes all attempts before it,
 * and settles what its past still waits for. Owned by the run's writer.
 */
public final class Launcher {
  private final RunCore core;

  public Launcher(RunCore core) {
    this.core = core;
  }

  public AttemptAnswer open(AttemptRequest request, long nowMillis) {
    Attempt known = core.attempts.byLaunch(request.launchId());
    if (known != null) return answer(sameLaunch(known, request));
    core.refuseIfFinished();
    if (core.spec().seats() % request.world() != 0)
      throw new Refusal(
              ProblemType.WORLD_NOT_DIVISIBLE,
              "A step has %d units of %d rows, which %d ranks cannot share equally: choose a world that divides %d."
                  .formatted(
                      core.spec().seats(),
                      core.spec().unitRows(),
                      request.world(),
                      core.spec().seats()))
          .with("units", core.spec().seats());
    Attempt parent = core.attempts.parentFor(request);
    int number = core.attempts.all().size();
    core.append(
        new Event.AttemptOpened(
            number,
            request.fromStep(),
            request.world(),
            request.launchId(),
            parent == null ? null : parent.number),
        nowMillis);
    closeAsMissing(core.attempts.newest(), nowMillis);
    closeInherited(core.attempts.newest(), nowMillis);
    return answer(core.attempts.newest());
  }

  private static Attempt sameLaunch(Attempt known, AttemptRequest request) {
    boolean same = known.fromStep == request.fromStep() && known.world == request.world();
    Integer parent = request.parent();
    if (parent != null && (known.parent == null || known.parent.number != parent)) same = false;
    if (!same)
      throw new Refusal(
              ProblemType.LAUNCH_CONFLICT,
              "launchId `%s` opened attempt %d from step %d with world %d; draw a new launchId for each launch."
                  .formatted(known.launchId, known.number, known.fromStep, known.world))
          .with("attempt", known.number);
    return known;
  }

  private AttemptAnswer answer(Attempt a) {
    var bypassed = new ArrayList<OperationView>();
    for (Operations.Accepted o : core.operations.bypassed(a)) bypassed.add(Views.operation(o));
    Integer parent = a.parent == null ? null : a.parent.number;
    return new AttemptAnswer(
        a.number, a.fromStep, a.world, parent, core.isEvaluationDue(a, a.fromStep), bypassed);
  }

  /** Whoever awaited feedback of steps before the attempt will not get it any more. */
  private void closeAsMissing(Attempt a, long nowMillis) {
    if (a.parent == null) return;
    long openStep = a.parent.frontier;
    long openBoundary = a.parent.boundaryFrontier;
    for (long step = Math.min(openStep, openBoundary); step < a.fromStep; step++) {
      Installation in = core.operations.installation(a, step);
      boolean boundary = step >= openBoundary && in.isBoundary(step);
      boolean awaited = step >= openStep && in.awaitsStep();
      if (boundary && core.ledger().boundaryClosed(a, step) == null)
        core.append(core.closer().closeBoundary(a, step), nowMillis);
      if (awaited && core.ledger().stepClosed(a, step) == null)
        core.append(core.closer().closeStep(a, step, false), nowMillis);
    }
  }

  /**
   * Validation inherited at the first step is not posted again, so a mixer that it has not been
   * closed for takes it now: one that an operator put there after the step had been evaluated.
   */
  private void closeInherited(Attempt a, long nowMillis) {
    long step = a.fromStep;
    Installation in = core.operations.installation(a, step);
    if (!in.isBoundary(step) || core.ledger().posts(a, FeedbackKind.VALIDATION, step).isEmpty())
      return;
    Event.BoundaryClosed close = core.ledger().boundaryClosed(a, step);
    if (close == null || close.decided().operation() != in.operation())
      core.append(core.closer().closeBoundary(a, step), nowMillis);
  }
}
