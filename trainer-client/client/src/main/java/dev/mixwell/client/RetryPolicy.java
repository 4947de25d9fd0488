package dev.mixwell.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a client goes on trying. Delays double from {@code firstDelay} to {@code maxDelay}; each
 * is drawn from its upper half, so that ranks that failed together do not come back together.
 *
 * @param giveUpAfter from the first failure of a request that is tried again
 * @param undecidedFor how long a step may wait for feedback
 */
public record RetryPolicy(
    Duration giveUpAfter, Duration undecidedFor, Duration firstDelay, Duration maxDelay) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofMillis(20),
          Duration.ofSeconds(5));

  private static final int MAX_DOUBLINGS = 30;

  /**
   * @param failures in a row so far, at least 1
   * @param askedForMillis what Retry-After asks for; 0 if nothing
   */
  long delayMillis(int failures, long askedForMillis) {
    long doubled = firstDelay.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
    long delay = Math.max(1, Math.min(doubled, maxDelay.toMillis()));
    long jittered = delay - ThreadLocalRandom.current().nextLong(delay / 2 + 1);
    return Math.max(jittered, Math.min(askedForMillis, maxDelay.toMillis()));
  }
}
