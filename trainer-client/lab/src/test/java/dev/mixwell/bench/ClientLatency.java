package dev.mixwell.bench;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.client.AttemptClient;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.Request;
import dev.mixwell.client.Transport;
import dev.mixwell.launch.Launcher;
import dev.mixwell.launch.LocalServer;
import dev.mixwell.proof.ProgramOptions;
import dev.mixwell.proof.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A pull through the Java client beside the same request on a plain kept-alive socket, in turn,
 * against a server in its own process: batches of 8 x 4096 tokens of two bytes. Each way has a rank
 * of its own, so that what is packed ahead for one is not used up by another.
 */
public final class ClientLatency {
  private static final int MAX_ISSUED = 800;
  private static final int MAX_DOCUMENTS = 2_000;
  private static final String STEPS = "/v1/runs/r/attempts/0/steps/";
  private static final Duration WAIT = Duration.ofSeconds(30);

  private interface Pull {
    void of(int step) throws IOException;
  }

  private ClientLatency() {}

  /**
   * Prints p50 and p99 of each way to pull, and its p50 over the plain socket's.
   *
   * @param arguments {@code --pulls N} of each way, after three tenths as many that are not counted
   */
  public static void main(String[] arguments) throws Exception {
    var options = ProgramOptions.parse(arguments, Map.of("--pulls", "10000"));
    int pulls = options.number("--pulls", 1);
    int issued = Math.min(MAX_ISSUED, pulls);
    try (var folder = TemporaryFolder.create("mixwell-client")) {
      measure(folder.path(), pulls, issued);
    }
  }

  static String[] smallest(Path folder) {
    return new String[] {"--pulls", "5"};
  }

  private static void measure(Path folder, int pulls, int issued) throws Exception {
    var launcher = Launcher.ofThisProcess();
    Path index = folder.resolve("index");
    Path text =
        Files.writeString(folder.resolve("text.jsonl"), text(Math.clamp(pulls, 20, MAX_DOCUMENTS)));
    launcher.run(
        List.of("index", text.toString(), "--out", index.toString()),
        new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    try (var server =
            LocalServer.start(launcher, index, folder.resolve("data"), folder.resolve("log"));
        var client = new MixwellClient(server.url());
        var transport = new Transport(server.url(), Transport.Limits.DEFAULT);
        var plain = new PlainSocket(server.url())) {
      AttemptClient attempt = open(client);
      for (int step = 0; step < issued; step++) attempt.batch(step, 0, WAIT);
      Map<String, String> headers = Map.of("Accept", "application/vnd.safetensors");
      print(
          pulls,
          issued,
          plain::pull,
          step -> transport.send(new Request("GET", target(step, 1), headers, null, WAIT)),
          step -> attempt.batch(step, 2, WAIT));
    }
  }

  private static String text(int documents) {
    var lines = new StringBuilder();
    for (int d = 0; d < documents; d++)
      lines.append(Json.write(Map.of("text", ("document " + d + " ").repeat(1_000)))).append('\n');
    return lines.toString();
  }

  private static AttemptClient open(MixwellClient client) {
    String spec =
        """
        {"seed": 1, "batchRows": 24, "rowTokens": 4096, "validationRows": 0, "validationShare": 0,
         "mixer": {"name": "stratified"}, "groups": [{"name": "all", "query": "*:*"}]}""";
    var run = client.run("r");
    run.create(Json.read(spec.getBytes(StandardCharsets.UTF_8), RunSpec.class));
    return run.open(new AttemptRequest(0, 3, "bench", null));
  }

  private static String target(int step, int rank) {
    return STEPS + step + "/batch?rank=" + rank + "&wait=PT30S";
  }

  private static void print(int count, int issued, Pull... pulls) throws IOException {
    String[] names = {"plain socket", "Transport.send", "AttemptClient.batch"};
    long[][] nanos = new long[pulls.length][count];
    for (int i = -3 * count / 10; i < count; i++)
      for (int p = 0; p < pulls.length; p++) {
        long start = System.nanoTime();
        pulls[p].of(Math.floorMod(i, issued));
        if (i >= 0) nanos[p][i] = System.nanoTime() - start;
      }
    for (long[] of : nanos) Arrays.sort(of);
    System.out.println("                       p50     p99   (us)   p50 / plain socket's");
    for (int p = 0; p < pulls.length; p++)
      System.out.printf(
          Locale.ROOT,
          "%-20s %6.0f  %6.0f          %.2f%n",
          names[p],
          nanos[p][count / 2] / 1e3,
          nanos[p][count * 99 / 100] / 1e3,
          (double) nanos[p][count / 2] / nanos[0][count / 2]);
  }

  /** As little as a client can do: it looks for the length, and reads into one array. */
  private static final class PlainSocket implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] answer = new byte[1 << 20];

    PlainSocket(URI url) throws IOException {
      socket = new Socket(url.getHost(), url.getPort());
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    void pull(int step) throws IOException {
      String request =
          "GET " + target(step, 0) + " HTTP/1.1\r\nHost: x\r\nAccept: application/vnd.safetensors";
      out.write((request + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      int read = 0;
      int whole = answer.length;
      while (read < whole) {
        int more = in.read(answer, read, whole - read);
        if (more < 0) throw new IOException("the server closed the connection");
        if (read == 0) whole = length(more);
        read += more;
      }
    }

    /** Of the answer, head and body; its head comes in one piece. */
    private int length(int read) throws IOException {
      String head = new String(answer, 0, Math.min(read, 1_024), StandardCharsets.ISO_8859_1);
      int end = head.indexOf("\r\n\r\n") + 4;
      int at = head.indexOf("Content-Length: ") + 16;
      if (!head.startsWith("HTTP/1.1 200") || end < 4 || at < 16) throw new IOException(head);
      return end + Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
