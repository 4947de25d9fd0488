package dev.mixwell.command;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.timeline.Event;

/**
 * Closes steps and boundaries, in order, once they wait for nothing more. What a {@link
 * Installation#isHeld held} mixer would close stays open.
 */
final class Closing {
  private Closing() {}

  /** Closes the open steps whose feedback is complete. */
  static void completeSteps(Fold fold, Attempt a, long nowMillis) {
    Folded run = fold.folded();
    while (a.hasOpenStep() && run.isComplete(a, a.nextClose()))
      fold.append(run.closer().closeStep(a, a.nextClose(), true), nowMillis);
  }

  /**
   * Closes what was posted while the run was {@link Installation#isHeld held}, once its mixer has
   * the recorded version again.
   */
  static void whatWasHeld(Fold fold, Attempt a, long nowMillis) {
    completeSteps(fold, a, nowMillis);
    known(fold, a, a.upTo(), nowMillis);
  }

  /** Closes the boundaries from one step to another that are not closed yet. */
  static void boundaries(Fold fold, Attempt a, long from, long to, long nowMillis) {
    Folded run = fold.folded();
    for (long step = from; step <= to; step++) {
      Installation in = run.operations().installation(a, step);
      if (in.isBoundary(step) && !in.isHeld() && run.ledger().boundaryClosed(a, step) == null)
        fold.append(run.closer().closeBoundary(a, step), nowMillis);
    }
  }

  /**
   * Validation that is there at a step is not posted again, so a mixer that it has not been closed
   * for takes it now: one that an operator put there after the step had been evaluated.
   */
  static void known(Fold fold, Attempt a, long step, long nowMillis) {
    Folded run = fold.folded();
    Installation in = run.operations().installation(a, step);
    if (in.isHeld()
        || !in.isBoundary(step)
        || run.ledger().posts(a, FeedbackKind.VALIDATION, step).isEmpty()) return;
    Event.BoundaryClosed close = run.ledger().boundaryClosed(a, step);
    if (close == null || close.decided().operation() != in.operation())
      fold.append(run.closer().closeBoundary(a, step), nowMillis);
  }
}
