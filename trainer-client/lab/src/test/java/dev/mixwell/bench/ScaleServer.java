package dev.mixwell.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** `mixwell serve` as the launcher starts it, in 256 MiB of heap. Owned by one thread. */
final class ScaleServer implements AutoCloseable {
  private static final Pattern SERVING = Pattern.compile("serving http://[^ ]*:(\\d+) ");

  /** The histogram's last line: instances, bytes. */
  private static final Pattern LIVE = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  private final Process process;
  private final int port;

  private ScaleServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Returns when it has answered that it is ready. */
  static ScaleServer start(Path index, Path data) throws IOException {
    var builder =
        new ProcessBuilder(
            System.getProperty("mixwell.launcher"),
            "serve",
            "--index",
            index.toString(),
            "--data",
            data.toString(),
            "--port",
            "0");
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:+UseSerialGC -Xmx256m");
    Path log = data.resolveSibling("server.log");
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    var lines = process.inputReader();
    for (String line; (line = lines.readLine()) != null; ) {
      Matcher serving = SERVING.matcher(line);
      if (!serving.find()) continue;
      var server = new ScaleServer(process, Integer.parseInt(serving.group(1)));
      try (var http = server.connect()) {
        http.send("GET", "/observe/health/ready", "");
      }
      return server;
    }
    throw new IOException("the server ended: " + Files.readString(log));
  }

  FeedbackLatency.Connection connect() throws IOException {
    return new FeedbackLatency.Connection(port);
  }

  /** In MiB: all, and what is no file's. */
  List<Long> residentMebibytes() throws IOException {
    String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
    return List.of(
        number("VmRSS:\\s+(\\d+)", status) >> 10, number("RssAnon:\\s+(\\d+)", status) >> 10);
  }

  /** Of live objects, after a collection. */
  long heapMebibytes() throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    var histogram =
        new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
            .start();
    String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return number(LIVE.pattern(), text) >> 20;
  }

  private static long number(String pattern, String text) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) throw new IOException("no " + pattern + " in " + text);
    return Long.parseLong(found.group(1));
  }

  /** SIGTERM, and until it has ended. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
