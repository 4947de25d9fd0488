package dev.mixwell.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One of Mixwell's own commands in a process of its own, its output in a file. Ends with this
 * process at the latest.
 */
public final class Child implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread atExit;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.atExit = new Thread(process::destroy, "end-" + name);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * @param name for messages: the command's first word
   * @param log gets what the command prints
   */
  static Child start(String name, ProcessBuilder command, Path log) throws IOException {
    Process process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
    return new Child(name, process, log);
  }

  /** Waits for a line that begins so, and returns the rest of it. */
  public String awaitLine(String prefix, Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<String> line = output().lines().filter(l -> l.startsWith(prefix)).findFirst();
      if (line.isPresent()) return line.get().substring(prefix.length());
      if (!process.isAlive()) throw failed("ended with status " + process.exitValue());
      if (System.nanoTime() > deadline)
        throw failed("was not ready within " + limit.toSeconds() + " s");
      pause();
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Rests between two looks at a running child. */
  public static void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
  }

  /** Waits for a good end. */
  public void awaitEnd() throws IOException, InterruptedException {
    int status = process.waitFor();
    if (status != 0) throw failed("ended with status " + status);
  }

  /** Ends it without warning, as a crash would. */
  public void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  public IOException failed(String how) throws IOException {
    String all = output().strip();
    String tail = all.substring(Math.max(0, all.length() - 2_000));
    return new IOException(
        "`mixwell " + name + "` " + how + "; its output is in " + log + " and ends:\n" + tail);
  }

  private String output() throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, and the hook has done its work.
    }
  }
}
