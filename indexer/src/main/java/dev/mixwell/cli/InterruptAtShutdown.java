package dev.mixwell.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While open, Ctrl-C or a TERM signal interrupts a thread and waits until it has tidied up, that is
 * until this is closed.
 */
public final class InterruptAtShutdown implements AutoCloseable {
  private static final long MAX_TIDYING_SECONDS = 30;

  private final CountDownLatch tidied = new CountDownLatch(1);
  private final Thread hook;

  public InterruptAtShutdown(Thread worker) {
    this.hook = new Thread(() -> interrupt(worker), "interrupt-at-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    tidied.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down: the hook runs, and has just been released.
    }
  }

  private void interrupt(Thread worker) {
    worker.interrupt();
    try {
      boolean _ = tidied.await(MAX_TIDYING_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
