package dev.mixwell.serving;

import dev.mixwell.base.UnawaitedFailures;
import java.lang.System.Logger;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The platform threads that read shards, a fixed number of them. A read of a mapped file may wait
 * for a disk, and would stop the carrier of every other request if a virtual thread did it.
 * Thread-safe; owns its threads until {@link #close}.
 */
final class PackingThreads implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PackingThreads.class.getName());
  private static final long CLOSING_SECONDS = 30;

  /** The more urgent first; within it, first come, first served. */
  enum Urgency {
    BODIES,
    ROWS_AHEAD
  }

  private record Job(Urgency urgency, long number, Runnable work, UnawaitedFailures failures)
      implements Runnable, Comparable<Job> {
    /** Throws nothing: that would end the thread. */
    @Override
    public void run() {
      try {
        work.run();
      } catch (Throwable failure) {
        failures.add(failure);
      }
    }

    @Override
    public int compareTo(Job other) {
      int first = urgency.compareTo(other.urgency);
      return first != 0 ? first : Long.compare(number, other.number);
    }
  }

  private final ThreadPoolExecutor threads;
  private final AtomicLong numbers = new AtomicLong();
  private final UnawaitedFailures failures =
      new UnawaitedFailures(LOG, "a body or rows could not be read ahead of their request");

  PackingThreads(int count) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("pack-", 0).factory());
  }

  /** Does the work on one of the threads and waits for it; what it throws is thrown here. */
  <T> T call(Supplier<T> work) {
    var answer = new CompletableFuture<T>();
    Runnable job =
        () -> {
          try {
            answer.complete(work.get());
          } catch (Throwable thrown) {
            answer.completeExceptionally(thrown);
          }
        };
    if (!run(Urgency.BODIES, job)) throw new IllegalStateException("closed");
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException thrown) throw thrown;
      if (e.getCause() instanceof Error thrown) throw thrown;
      throw e;
    }
  }

  /**
   * Does the work later; false once closed. What it throws is one of {@link #failed}: whoever needs
   * the same asks again and is told why.
   */
  boolean run(Urgency urgency, Runnable work) {
    try {
      threads.execute(new Job(urgency, numbers.getAndIncrement(), work, failures));
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  /** Pieces of work that nobody waited for and that failed. */
  long failed() {
    return failures.count();
  }

  /** Whether something waits for a thread. */
  boolean isAnyWaiting() {
    return !threads.getQueue().isEmpty();
  }

  /** Finishes what waits: afterwards nobody reads a shard here. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS))
        throw new IllegalStateException("packing has not ended in " + CLOSING_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
