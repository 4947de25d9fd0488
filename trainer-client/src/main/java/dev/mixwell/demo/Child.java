package dev.mixwell.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One of Mixwell's own commands in a process of its own, its output in a file. Ends with the demo
 * at the latest.
 */
final class Child implements AutoCloseable {
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
   * @param launcher the script {@code mixwell}
   * @param log gets what the command prints
   */
  static Child start(Path launcher, Path log, List<String> arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(launcher.toString());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
    return new Child(arguments.getFirst(), process, log);
  }

  /** Runs a command with its output on the demo's own. */
  static void run(Path launcher, List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(launcher.toString());
    command.addAll(arguments);
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0)
      throw new IOException(
          "`mixwell " + String.join(" ", arguments) + "` ended with status " + status);
  }

  /** Waits for a line that begins so, and returns the rest of it. */
  String awaitLine(String prefix, Duration limit) throws IOException, InterruptedException {
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

  boolean isAlive() {
    return process.isAlive();
  }

  /** Rests between two looks at a running child. */
  static void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
  }

  /** Waits for a good end. */
  void awaitEnd() throws IOException, InterruptedException {
    int status = process.waitFor();
    if (status != 0) throw failed("ended with status " + status);
  }

  /** Ends it without warning, as a crash would. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  IOException failed(String how) throws IOException {
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
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
