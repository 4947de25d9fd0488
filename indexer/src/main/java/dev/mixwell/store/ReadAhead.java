package dev.mixwell.store;

import dev.mixwell.base.UnawaitedFailures;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Fetches what will be asked for, several things at once, on threads of its own, so that nobody
 * else's wait for a network. What does not fit into the queue is left to whoever needs it, and so
 * is what fails, which is counted. Thread-safe; owns its threads until {@link #close}.
 */
final class ReadAhead implements AutoCloseable {
  /** One request moves some 50 to 100 MB/s; so many fill a link of 10 Gbit/s. */
  static final int THREADS = 16;

  static final int MAX_QUEUED = 4_096;
  private static final long CLOSING_SECONDS = 30;

  private final UnawaitedFailures failures =
      new UnawaitedFailures(
          System.getLogger(ReadAhead.class.getName()), "a part of a shard was not fetched ahead");
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_QUEUED),
          Thread.ofPlatform().daemon().name("fetch-", 0).factory());

  ReadAhead() {
    threads.allowCoreThreadTimeOut(true);
  }

  /** Fetches that failed; the log has the first of each kind, with its cause. */
  long failed() {
    return failures.count();
  }

  /** Has a thing fetched unless that has begun. */
  void begin(String key, Runnable fetching) {
    if (!begun.add(key)) return;
    try {
      threads.execute(
          () -> {
            try {
              fetching.run();
            } catch (Throwable failure) {
              if (!threads.isShutdown()) failures.add(failure); // else closing has ended it
            } finally {
              begun.remove(key);
            }
          });
    } catch (RejectedExecutionException full) {
      begun.remove(key);
    }
  }

  /** Gives up what waits: afterwards nothing is fetched here. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS))
        throw new IllegalStateException("fetching has not ended in " + CLOSING_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
