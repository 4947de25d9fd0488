package dev.mixwell.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixwell.http.ServerFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as an operator meets it, in a process of its own. */
class ServeTest {
  private static final int SIGTERM_EXIT = 128 + 15;
  private static final int PATIENCE_SECONDS = 60;

  @TempDir static Path directory;
  private static Path index;

  @BeforeAll
  static void makeIndex() throws IOException {
    index = directory.resolve("index");
    ServerFixture.writeIndex(index);
  }

  @Test
  void saysWhereItServesAndStopsCleanly() throws Exception {
    Path data = directory.resolve("stops");
    Process server = start("--index", index.toString(), "--data", data.toString(), "--port", "0");
    String line = readyLine(server);
    assertTrue(
        line.matches(
            "mixwell: serving http://127\\.0\\.0\\.1:\\d+ \\(index .*, 400 documents, data .*\\)"),
        line);
    var health = URI.create(line.split(" ", -1)[2] + "/observe/health/ready");
    assertEquals(200, status(health));
    server.destroy();
    assertEquals(SIGTERM_EXIT, exitCode(server));
    assertThrows(ConnectException.class, () -> status(health));
  }

  @Test
  void aSecondServerOnTheDataNamesTheFirst() throws Exception {
    Path data = directory.resolve("shared");
    Process first = start("--index", index.toString(), "--data", data.toString(), "--port", "0");
    readyLine(first);
    try {
      Process second = start("--index", index.toString(), "--data", data.toString(), "--port", "0");
      assertEquals(2, exitCode(second));
      String error = errors(second);
      assertTrue(
          error.contains("mixwell serve: ") && error.contains("process " + first.pid()), error);
    } finally {
      first.destroy();
      exitCode(first);
    }
  }

  @Test
  void aTakenPortIsNamedWithWhatToDo() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      Process server =
          start(
              "--index",
              index.toString(),
              "--data",
              directory.resolve("port").toString(),
              "--port",
              port);
      assertEquals(2, exitCode(server));
      String error = errors(server);
      assertTrue(error.contains("the port is taken") && error.contains(port), error);
    }
  }

  /** In brackets, as clients take it; on a machine without IPv6 there is nothing to see. */
  @Test
  void anAddressOfIpv6IsPrintedAsClientsTakeIt() throws Exception {
    assumeTrue(hasIpv6());
    for (String host : List.of("::1", "[::1]", "0:0:0:0:0:0:0:1")) {
      Path data = directory.resolve("six" + host.length());
      Path socket = directory.resolve("s");
      Process server =
          start(
              "--index",
              index.toString(),
              "--data",
              data.toString(),
              "--port",
              "0",
              "--host",
              host,
              "--socket",
              socket.toString());
      String line = readyLine(server);
      String bare = host.replaceAll("[\\[\\]]", "");
      assertTrue(
          line.contains(" http://[" + bare + "]:") && line.contains(" and unix:" + socket + " "),
          line);
      assertEquals(200, status(URI.create(line.split(" ", -1)[2] + "/observe/health/ready")));
      server.destroy();
      assertEquals(SIGTERM_EXIT, exitCode(server));
    }
  }

  private static boolean hasIpv6() {
    try (var _ = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void anAddressThatCannotBeListenedOnIsASentence() throws Exception {
    for (String[] wrong :
        new String[][] {
          {"node17.invalid", "`http.host` node17.invalid has no address"},
          {"no host", "`http.host` no host has no address"},
          {"192.0.2.1", "http://192.0.2.1:0: 192.0.2.1 is no address of this machine"},
          {"fe80::1%lo", "names an interface behind the %"}
        }) {
      Process server =
          start(
              "--index",
              index.toString(),
              "--data",
              directory.resolve("nowhere").toString(),
              "--port",
              "0",
              "--host",
              wrong[0]);
      assertEquals(2, exitCode(server), wrong[0]);
      String error = errors(server);
      assertTrue(error.contains(wrong[1]), error);
      assertFalse(error.contains("\tat "), error);
    }
  }

  @Test
  void whatCannotBeUsedIsNamed() throws IOException {
    assertTrue(refusal("--data", "x").contains("--index DIR"));
    assertTrue(refusal("--index", index.toString()).contains("--data DIR"));
    assertTrue(
        refusal("--index", index.toString(), "--data", "x", "--port", "70000")
            .contains("`http.port` is 70000"));
    Path config = Files.writeString(directory.resolve("bad.yaml"), "htp:\n  port: 1\n");
    assertTrue(refusal("--config", config.toString()).contains("`http`"));
    Path none = directory.resolve("none");
    String error =
        refusal(
            "--index", none.toString(), "--data", directory.resolve("d").toString(), "--port", "0");
    assertTrue(error.contains(none.toString()), error);
  }

  @Test
  void helpShowsExamples() {
    var out = new StringWriter();
    var program = ServerProgram.program().writing(new PrintWriter(out), new PrintWriter(out));
    assertEquals(0, program.run("serve", "--help"));
    assertTrue(
        out.toString().contains("mixwell serve --index corpus/index --data runs"), out.toString());
  }

  private static String refusal(String... arguments) {
    var err = new StringWriter();
    var words = new ArrayList<>(List.of("serve"));
    words.addAll(List.of(arguments));
    var program = ServerProgram.program().writing(new PrintWriter(err), new PrintWriter(err));
    assertEquals(2, program.run(words.toArray(String[]::new)), err.toString());
    return err.toString();
  }

  private static Process start(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), ServerProgram.class.getName(), "serve"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).start();
  }

  private static String readyLine(Process process) throws IOException {
    process.getErrorStream().close();
    String line = new BufferedReader(process.inputReader(StandardCharsets.UTF_8)).readLine();
    if (line == null) throw new AssertionError("ended with " + process.onExit().join().exitValue());
    return line;
  }

  private static String errors(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static int exitCode(Process process) throws InterruptedException {
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) process.destroyForcibly();
    assertTrue(ended, "did not end by itself");
    return process.exitValue();
  }

  private static int status(URI uri) throws IOException {
    return ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode();
  }
}
