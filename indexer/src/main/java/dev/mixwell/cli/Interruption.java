package dev.mixwell.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * While open, Ctrl-C or a TERM signal is told in a sentence. An {@link Interruptible} command is
 * interrupted, and the process waits until it has tidied up, that is until this is closed.
 */
final class Interruption implements AutoCloseable {
  private static final long MAX_TIDYING_SECONDS = 30;

  /** Of the process: it is ending, whatever fails from now on. */
  private static volatile boolean begun;

  private final CommandLine command;
  private final Thread worker;
  private final CountDownLatch tidied = new CountDownLatch(1);
  private final Thread hook;

  Interruption(CommandLine command, Thread worker) {
    this.command = command;
    this.worker = worker;
    this.hook = new Thread(this::interrupt, "interruption");
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

  /** Whether a signal has come. What fails behind it fails for it, whatever a library calls it. */
  static boolean hasBegun() {
    return begun;
  }

  private void interrupt() {
    begun = true;
    switch (command.<Object>getCommand()) {
      case EndsItself _ -> {}
      case Interruptible _ -> tidy();
      default -> {
        command.getErr().println(Failures.name(command) + ": interrupted.");
        command.getErr().flush();
      }
    }
  }

  private void tidy() {
    worker.interrupt();
    try {
      boolean _ = tidied.await(MAX_TIDYING_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
