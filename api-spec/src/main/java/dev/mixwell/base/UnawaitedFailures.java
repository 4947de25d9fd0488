package dev.mixwell.base;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;

/**
 * The failures of work that nobody waits for. Each is counted. The first of each kind is logged at
 * WARNING with its cause; a kind is a problem type or a class of exception. Thread-safe.
 */
public final class UnawaitedFailures {
  private final Logger log;
  private final String what;
  private final LongAdder count = new LongAdder();
  private final Set<String> said = new ConcurrentSkipListSet<>();

  /**
   * @param what failed, as the log's line begins
   */
  public UnawaitedFailures(Logger log, String what) {
    this.log = log;
    this.what = what;
  }

  public void add(Throwable failure) {
    count.increment();
    if (said.add(kind(failure)))
      log.log(
          Level.WARNING,
          what + "; others that fail like this are only counted (" + failure + ")",
          failure);
  }

  private static String kind(Throwable failure) {
    return failure instanceof Refusal refusal
        ? refusal.type().slug()
        : failure.getClass().getName();
  }

  public long count() {
    return count.sum();
  }
}
