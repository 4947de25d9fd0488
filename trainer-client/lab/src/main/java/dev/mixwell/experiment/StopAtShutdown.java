package dev.mixwell.experiment;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While open, Ctrl-C or a TERM signal ends the training at its next step and waits until this is
 * closed. A process that ends in the middle of a step takes PyTorch's memory from the training
 * thread, which crashes on it.
 */
final class StopAtShutdown implements AutoCloseable {
  private static final long MAX_WAIT_SECONDS = 20;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread hook;

  StopAtShutdown(ExperimentMeter progress) {
    hook = new Thread(() -> stop(progress), "stop-at-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down: the hook runs, and has just been released.
    }
  }

  private void stop(ExperimentMeter progress) {
    progress.stop();
    try {
      boolean _ = stopped.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
