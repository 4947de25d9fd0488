package dev.mixwell.command;

import dev.mixwell.answer.Answers;
import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Operations;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Opens an attempt: every launch of a trainer forks from a parent, supersedes all attempts before
 * it, and settles what its past still waits for.
 */
public record OpenAttempt(AttemptRequest request) implements Command<AttemptAnswer> {
  @Override
  public AttemptAnswer execute(Fold fold, long nowMillis) {
    Folded run = fold.folded();
    Attempt known = run.attempts().byLaunch(request.launchId());
    if (known != null) return answer(run, sameLaunch(known));
    run.refuseIfFinished();
    refuseWorld(run.spec());
    Attempt parent = run.attempts().parentFor(request);
    refuseIfHeld(run, parent);
    int number = run.attempts().all().size();
    fold.append(
        new Event.AttemptOpened(
            number, request.fromStep(), request.world(), request.launchId(), number(parent)),
        nowMillis);
    closeAsMissing(fold, run.attempts().newest(), nowMillis);
    Closing.known(fold, run.attempts().newest(), request.fromStep(), nowMillis);
    return answer(run, run.attempts().newest());
  }

  private void refuseWorld(RunSpec spec) {
    if (spec.seats() % request.world() != 0)
      throw new Refusal(
              ProblemType.WORLD_NOT_DIVISIBLE,
              "A step has %d units of %d rows, which %d ranks cannot share equally: choose a world that divides %d."
                  .formatted(spec.seats(), spec.unitRows(), request.world(), spec.seats()))
          .with("units", spec.seats());
  }

  private Attempt sameLaunch(Attempt known) {
    boolean same = known.fromStep() == request.fromStep() && known.world() == request.world();
    Integer parent = request.parent();
    if (parent != null && !parent.equals(number(known.parent()))) same = false;
    if (!same)
      throw new Refusal(
              ProblemType.LAUNCH_CONFLICT,
              "launchId `%s` opened attempt %d from step %d with world %d; draw a new launchId for each launch."
                  .formatted(known.launchId(), known.number(), known.fromStep(), known.world()))
          .with("attempt", known.number());
    return known;
  }

  private static @Nullable Integer number(@Nullable Attempt attempt) {
    return attempt == null ? null : attempt.number();
  }

  private static AttemptAnswer answer(Folded run, Attempt a) {
    var bypassed = new ArrayList<OperationView>();
    for (Operations.Accepted o : run.operations().bypassed(a)) bypassed.add(Answers.operation(o));
    return new AttemptAnswer(
        a.number(),
        a.fromStep(),
        a.world(),
        number(a.parent()),
        run.isEvaluationDue(a, a.fromStep()),
        bypassed);
  }

  /**
   * Opening settles what the past still waits for. A {@link Installation#isHeld held} mixer can
   * take nothing in, and its state would be lost if that were passed over.
   */
  private void refuseIfHeld(Folded run, @Nullable Attempt parent) {
    if (parent == null) return;
    long openStep = parent.nextClose();
    long openBoundary = parent.nextBoundary();
    for (long step = Math.min(openStep, openBoundary); step < request.fromStep(); step++) {
      Installation in = run.operations().installation(parent, step);
      boolean awaited = step >= openStep && in.awaitsStep();
      boolean boundary = step >= openBoundary && in.isBoundary(step);
      if (in.isHeld() && (awaited || boundary))
        throw in.held(
            "no attempt is opened from step %d, because step %d before it is not closed"
                .formatted(request.fromStep(), step));
    }
  }

  /** Whoever awaited feedback of steps before the attempt will not get it any more. */
  private static void closeAsMissing(Fold fold, Attempt a, long nowMillis) {
    Attempt parent = a.parent();
    if (parent == null) return;
    Folded run = fold.folded();
    long openStep = parent.nextClose();
    long openBoundary = parent.nextBoundary();
    for (long step = Math.min(openStep, openBoundary); step < a.fromStep(); step++) {
      Installation in = run.operations().installation(a, step);
      boolean boundary = step >= openBoundary && in.isBoundary(step);
      boolean awaited = step >= openStep && in.awaitsStep();
      if (boundary && run.ledger().boundaryClosed(a, step) == null)
        fold.append(run.closer().closeBoundary(a, step), nowMillis);
      if (awaited && run.ledger().stepClosed(a, step) == null)
        fold.append(run.closer().closeStep(a, step, false), nowMillis);
    }
  }
}
