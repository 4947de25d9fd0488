package dev.mixwell.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a writer in real time on a thread of its own: works while there is work, rests until woken.
 * Whatever is thrown, the thread goes on.
 */
final class WriterThread implements Worker {
  private static final Logger LOG = System.getLogger(WriterThread.class.getName());
  private static final long LONGEST_REST_MILLIS = 1_000;

  /** An append that takes longer hangs. */
  private static final Duration LONGEST_COMMIT = Duration.ofSeconds(30);

  private final String run;
  private final RunWriter writer;
  private final LongSupplier clockMillis;
  private final Thread thread;
  private volatile boolean stopping;

  /** Owned by the writer's thread. */
  private @Nullable Standstill told;

  WriterThread(String run, RunWriter writer, LongSupplier clockMillis) {
    this.run = run;
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
      try {
        writer.doWork(clockMillis.getAsLong());
        tell(writer.standstill());
        rest(writer.restMillis(clockMillis.getAsLong()));
      } catch (Throwable failure) {
        LOG.log(Level.ERROR, "the writer of run " + run + " goes on after a failure", failure);
        rest(LONGEST_REST_MILLIS);
      }
    }
  }

  private static void rest(long millis) {
    if (millis > 0)
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(LONGEST_REST_MILLIS, millis)));
  }

  private void tell(@Nullable Standstill now) {
    if (Objects.equals(now, told)) return;
    told = now;
    if (now == null) LOG.log(Level.INFO, "run {0} goes on", run);
    else LOG.log(Level.ERROR, "run " + run + " stands still: " + now.detail(), now.cause());
  }

  /** Lets the commit in progress finish; what waits behind it is refused. */
  @Override
  public void close() {
    stopping = true;
    wake();
    boolean isOver = false;
    try {
      isOver = thread.join(LONGEST_COMMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (isOver) writer.close();
    else {
      writer.refuse(); // the store is in use: the process ends with it open
      LOG.log(Level.ERROR, "run {0} is left open: its last commit does not end", run);
    }
  }
}
