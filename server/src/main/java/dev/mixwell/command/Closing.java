package dev.mixwell.command;

import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.Folded;

/** Closes steps and boundaries, in order, once they wait for nothing more. */
final class Closing {
  private Closing() {}

  /** Closes the open steps whose feedback is complete. */
  static void completeSteps(Fold fold, Attempt a, long nowMillis) {
    Folded run = fold.folded();
    while (a.hasOpenStep() && run.isComplete(a, a.nextClose()))
      fold.append(run.closer().closeStep(a, a.nextClose(), true), nowMillis);
  }

  /** Closes the boundaries from one step to another that are not closed yet. */
  static void boundaries(Fold fold, Attempt a, long from, long to, long nowMillis) {
    Folded run = fold.folded();
    for (long step = from; step <= to; step++)
      if (run.operations().installation(a, step).isBoundary(step)
          && run.ledger().boundaryClosed(a, step) == null)
        fold.append(run.closer().closeBoundary(a, step), nowMillis);
  }
}
