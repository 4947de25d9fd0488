package dev.mixwell.bench;

import dev.mixwell.base.Json;
import dev.mixwell.proof.ProgramOptions;
import dev.mixwell.proof.TemporaryFolder;
import dev.mixwell.proofs.Corpus;
import dev.mixwell.proofs.ServerProcess;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * From feedback to new proportions over HTTP: a real server in its own process, lookahead 1, one
 * trainer on a kept-alive socket. Post: until the feedback is durable and folded. Next: until the
 * step that it decides is issued and served.
 */
public final class FeedbackLatency {
  private FeedbackLatency() {}

  /**
   * Prints a line for m = 7 and for m = 1,000.
   *
   * @param arguments {@code --steps N}, after a fifth as many that are not counted
   */
  public static void main(String[] arguments) throws Exception {
    var options = ProgramOptions.parse(arguments, Map.of("--steps", "1000"));
    int steps = options.number("--steps", 1);
    System.out.println("  m   steps   post p50    p99   next p50    p99   (ms)");
    for (int groups : new int[] {7, 1_000}) measure(groups, steps);
  }

  static String[] smallest(Path folder) {
    return new String[] {"--steps", "2"};
  }

  private static void measure(int groups, int steps) throws Exception {
    int warmUp = steps / 5;
    var fields = new ArrayList<String>();
    for (int i = 0; i < groups; i++) fields.add("\"tag\": \"g%d\"".formatted(i));
    try (var folder = TemporaryFolder.create("mixwell-latency");
        var server = serve(folder.path(), fields);
        var http = new Connection(server.port())) {
      http.send("PUT", "/v1/runs/r", spec(groups));
      String open = "{\"fromStep\": 0, \"world\": 1, \"launchId\": \"latency\"}";
      http.send("POST", "/v1/runs/r/attempts", open);
      byte[] feedback = feedback(groups);
      long[] posts = new long[steps];
      long[] pulls = new long[steps];
      http.send("GET", step(0) + "batch?rank=0", "");
      for (int k = 0; k < warmUp + steps; k++) {
        long start = System.nanoTime();
        http.send("POST", step(k) + "feedback", feedback);
        long posted = System.nanoTime();
        http.send("GET", step(k + 1) + "batch?rank=0", "");
        if (k < warmUp) continue;
        posts[k - warmUp] = posted - start;
        pulls[k - warmUp] = System.nanoTime() - start;
      }
      print(groups, posts, pulls);
    }
  }

  private static ServerProcess serve(Path folder, List<String> fields) throws Exception {
    Path index = Corpus.write(folder, fields, 4, 400);
    return ServerProcess.start(index, folder.resolve("data"), List.of());
  }

  private static void print(int groups, long[] posts, long[] pulls) {
    int steps = posts.length;
    Arrays.sort(posts);
    Arrays.sort(pulls);
    System.out.printf(
        Locale.ROOT,
        "%5d %6d %9.2f %7.2f %9.2f %7.2f%n",
        groups,
        steps,
        posts[steps / 2] / 1e6,
        posts[steps * 99 / 100] / 1e6,
        pulls[steps / 2] / 1e6,
        pulls[steps * 99 / 100] / 1e6);
  }

  private static String step(int step) {
    return "/v1/runs/r/attempts/0/steps/" + step + "/";
  }

  private static String spec(int groups) {
    var list = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < groups; i++) list.add(Map.of("name", "g" + i, "query", "tag:g" + i));
    var spec = new TreeMap<String, Object>(Map.of("seed", 1, "groups", list, "batchRows", 1_024));
    spec.putAll(Map.of("rowTokens", 16, "lookahead", 1, "validationRows", 0));
    spec.put("validationShare", 0.0);
    spec.put("mixer", Map.of("name", "odm", "parameters", Map.of("variant", "reference")));
    return Json.write(spec);
  }

  /** Every group has a row in a step of 1,024 rows; one token each is within what it served. */
  private static byte[] feedback(int groups) {
    var seen = new TreeMap<String, Object>();
    for (int i = 0; i < groups; i++)
      seen.put("g" + i, Map.of("lossSum", 2 + i % 7 / 10.0, "tokens", 1));
    return Json.writeBytes(Map.of("kind", "train", "groups", seen));
  }

  /** One kept-alive connection. */
  static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Connection(int port) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      out = socket.getOutputStream();
    }

    void send(String method, String target, String body) throws IOException {
      send(method, target, body.getBytes(StandardCharsets.UTF_8));
    }

    void send(String method, String target, byte[] body) throws IOException {
      String head =
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: localhost\r\nAccept: "
              + (target.contains("/batch") ? "application/octet-stream" : "application/json")
              + "\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      byte[] request =
          Arrays.copyOf(head.getBytes(StandardCharsets.UTF_8), head.length() + body.length);
      System.arraycopy(body, 0, request, head.length(), body.length);
      out.write(request);
      String status = line();
      int length = 0;
      for (String header = line(); !header.isEmpty(); header = line())
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:"))
          length = Integer.parseInt(header.substring(15).strip());
      byte[] answer = in.readNBytes(length);
      if (!status.startsWith("HTTP/1.1 2"))
        throw new IOException(status + " " + new String(answer, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) throw new IOException("the server closed the connection");
        if (c != '\r') line.append((char) c);
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
