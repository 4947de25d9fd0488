package dev.mixwell.run;

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
   * @return whether the step is to be asked for once more; otherwise no time is left
   */
  boolean forDecision(RunWriter writer, Published asked, long step) {
    if (leftNanos() <= 0) return false;
    Published view = writer.view();
    while (view.firstUndecided() <= step
        && view.attempts().size() == asked.attempts().size()
        && !view.finished()) {
      try {
        view.next().get(Math.max(1, leftNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return true; // asked once more, the writer names what is missing by now
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      view = writer.view();
    }
    return true;
  }
}
