package dev.mixwell.run;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Runs a writer in real time on a thread of its own: works while there is work, rests until woken.
 */
final class WriterThread implements Worker {
  private static final long LONGEST_REST_MILLIS = 1_000;

  private final RunWriter writer;
  private final LongSupplier clockMillis;
  private final Thread thread;
  private volatile boolean stopping;

  WriterThread(String run, RunWriter writer, LongSupplier clockMillis) {
    this.writer = writer;
    this.clockMillis = clockMillis;
    this.thread = Thread.ofPlatform().name("run-writer-" + run).daemon().start(this::work);
  }

  @Override
  public void wake() {
    LockSupport.unpark(thread);
  }

  private void work() {
    while (!stopping) {
      writer.doWork(clockMillis.getAsLong());
      long rest = Math.min(LONGEST_REST_MILLIS, writer.restMillis(clockMillis.getAsLong()));
      if (rest > 0) LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(rest));
    }
  }

  /** Lets the commit in progress finish; what waits behind it is refused. */
  @Override
  public void close() {
    stopping = true;
    wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writer.close();
  }
}
