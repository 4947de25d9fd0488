package dev.mixwell.proofs;

import dev.mixwell.server.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, with this test's class path. What it logs is appended to a file
 * beside its data directory. Used by one thread; closing it is kill -9.
 */
public final class ServerProcess implements AutoCloseable {
  /** For servers that are started often: a JVM that starts fast and stays small. */
  static final List<String> QUICK = quick("-Xmx256m");

  private static final Pattern READY = Pattern.compile("serving http://[^ ]*:(\\d+) ");
  private static final int HANG_SECONDS = 60;

  private final Process process;
  private final Path log;
  private int port;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** How a server ended by itself. */
  record Exit(int code, String log) {}

  /** The same with another heap. */
  static List<String> quick(String heap) {
    return List.of(
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", heap);
  }

  /** Starts a server and waits until it is ready. */
  public static ServerProcess start(Path index, Path data, List<String> jvm) throws Exception {
    var server = launch(index, data, 0, jvm);
    server.awaitReady();
    return server;
  }

  static ServerProcess start(Path index, Path data) throws Exception {
    return start(index, data, QUICK);
  }

  /** Starts a server and does not wait for it. */
  static ServerProcess launch(Path index, Path data, int port, List<String> jvm)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(jvm);
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), ServerProgram.class.getName(), "serve"));
    command.addAll(List.of("--index", index.toString(), "--data", data.toString()));
    command.addAll(List.of("--port", Integer.toString(port)));
    Path log = data.resolveSibling(data.getFileName() + ".log");
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("MIXWELL_"));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new ServerProcess(builder.start(), log);
  }

  /**
   * @throws IOException if it ended before it was ready; the message has its log
   */
  void awaitReady() throws Exception {
    var lines = process.inputReader();
    for (String line; (line = lines.readLine()) != null; ) {
      Matcher ready = READY.matcher(line);
      if (!ready.find()) continue;
      port = Integer.parseInt(ready.group(1));
      return;
    }
    Exit exit = awaitExit();
    throw new IOException("the server ended with " + exit.code + " and said: " + exit.log);
  }

  public int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  Http http() {
    return new Http(port);
  }

  /** Waits for the process to end by itself. */
  Exit awaitExit() throws Exception {
    if (!process.waitFor(HANG_SECONDS, TimeUnit.SECONDS)) {
      kill();
      throw new IOException("the server neither served nor ended: " + Files.readString(log));
    }
    return new Exit(process.exitValue(), Files.readString(log));
  }

  /** Lets it run for a while, or until it ends by itself. */
  void runFor(long millis) throws InterruptedException {
    if (process.waitFor(millis, TimeUnit.MILLISECONDS))
      throw new IllegalStateException("the server ended by itself: " + process.exitValue());
  }

  /** SIGKILL, and until the kernel has let go of its locks. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
