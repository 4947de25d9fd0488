package dev.mixwell.command;

import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.Folded;

/**
 * Under the policy close-after: closes the steps that have waited long enough, with those who
 * posted. Answers how many were overdue.
 */
public record CloseOverdue() implements Command<Integer> {
  @Override
  public Integer execute(Fold fold, long nowMillis) {
    Folded run = fold.folded();
    int overdue = 0;
    for (; run.overdueAtMillis() <= nowMillis; overdue++) {
      Attempt a = run.attempts().newest();
      fold.append(run.closer().closeStep(a, a.nextClose(), false), nowMillis);
      Closing.completeSteps(fold, a, nowMillis);
    }
    return overdue;
  }
}
