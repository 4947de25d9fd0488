package dev.mixwell.run;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Missing;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long one pull waits for its step to be decided. Owned by the pull's thread.
 *
 * @param deadlineNanos by {@link System#nanoTime}
 */
record Wait(long deadlineNanos) {
  static Wait of(Duration most) {
    // Decides no byte: whoever waits too short a time is refused, and asks again.
    return new Wait(System.nanoTime() + most.toNanos());
  }

  private long leftNanos() {
    // Decides no byte: as above.
    return deadlineNanos - System.nanoTime();
  }

  /**
   * Returns when the step may have been decided, the attempt superseded, or the time is over.
   *
   * @param asked what was published when the step was found undecided
   * @throws Refusal {@code undecided} if no time is left
   */
  void forDecision(RunWriter writer, Published asked, long step, Missing missing) {
    if (leftNanos() <= 0) throw undecided(step, missing);
    Published view = writer.view();
    while (view.firstUndecided() <= step
        && view.attempts().size() == asked.attempts().size()
        && !view.finished()) {
      try {
        view.next().get(Math.max(1, leftNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return; // asked once more, the writer names what is missing by now
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw undecided(step, missing);
      }
      view = writer.view();
    }
  }

  private static Refusal undecided(long step, Missing missing) {
    String who =
        missing.ranks().isEmpty()
            ? ""
            : " of " + (missing.ranks().size() == 1 ? "rank " : "ranks ") + missing.ranks();
    String kind = missing.kind().label();
    return new Refusal(
            ProblemType.UNDECIDED,
            "Step %d waits for the %s feedback%s at step %d. Post it, or let an operator swap the mixer."
                .formatted(step, kind, who, missing.step()))
        .with("missing", missing);
  }
}
