package dev.mixwell.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What follows an answer on its connection is a request only if the body before it was read to its
 * end. Each body here is a request that would finish the run.
 */
class FramingTest {
  private static final Duration PATIENCE = Duration.ofMillis(RawHttp.MAX_WAIT_MILLIS);
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static final String RUN = "/v1/runs/r";
  private static final String INNER =
      "DELETE " + RUN + "?who=mallory&why=smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String LAST =
      "GET /v1/runs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  private static final String BATCH = RUN + "/attempts/0/steps/0/batch?rank=0";
  private static final int MAX_BODY_BYTES = 1 << 10;
  private static final int LONG_BODY_BYTES = 12 << 20;

  /** Requests whose body nobody reads, and the one answer to each. */
  private static final Map<String, Integer> UNREAD =
      Map.ofEntries(
          Map.entry("POST /nothing", 404),
          Map.entry("OPTIONS *", 404),
          Map.entry("POST /v1/runs/none/attempts", 404),
          Map.entry("POST " + RUN, 405),
          Map.entry("HEAD /v1/runs", 405),
          Map.entry("BREW /openapi", 405),
          Map.entry("POST " + RUN + "/attempts?x=1", 400),
          Map.entry("GET " + RUN + "/mixture/history?from=x", 400),
          Map.entry("DELETE " + RUN + "?who=somebody", 400),
          Map.entry("GET " + BATCH + "&wait=PT0S HTTP/1.1\r\nAccept: image/png", 406),
          Map.entry("GET " + RUN + "/attempts/0/steps/4/batch?rank=0&wait=PT0S", 503),
          Map.entry("GET " + BATCH + "&wait=x", 400),
          Map.entry("GET " + BATCH, 200),
          Map.entry("GET " + BATCH + " HTTP/1.1\r\nIf-None-Match: *", 304),
          Map.entry("GET " + RUN + "/attempts/0/batches?rank=0&from=0&count=2", 200),
          Map.entry("GET " + RUN + "/events?after=0", 200),
          Map.entry("DELETE " + RUN + "/overrides?who=somebody&why=because", 200),
          Map.entry("GET /observe/health/live", 200));

  @TempDir Path folder;
  private ServerFixture server;
  private List<SocketAddress> listeners;

  @BeforeEach
  void start() throws IOException {
    Path socket = folder.resolve("mixwell.sock");
    server =
        ServerFixture.start(
            folder,
            Map.of(
                "http.unixSocket", socket.toString(),
                "http.maxBodyBytes", Integer.toString(MAX_BODY_BYTES),
                "events.maxMillis", "50"));
    server.createRun("r");
    server.openAttempt("r");
    listeners =
        List.of(
            new InetSocketAddress("127.0.0.1", server.port()), UnixDomainSocketAddress.of(socket));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<String> unread() {
    return UNREAD.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("unread")
  void aBodyThatNobodyReadIsNoRequest(String request) throws IOException {
    for (SocketAddress listener : listeners)
      for (String framed : List.of(length(INNER), chunked(INNER), expecting(INNER)))
        assertOneAnswer(UNREAD.get(request), listener, head(request) + framed);
  }

  @ParameterizedTest
  @MethodSource("unread")
  void whatIsPipelinedBehindAnUnreadBodyIsNotAnswered(String request) throws IOException {
    for (SocketAddress listener : listeners)
      assertOneAnswer(UNREAD.get(request), listener, head(request) + length(INNER) + LAST);
  }

  @Test
  void aBodyWhoseChunksAreMalformedIsNoRequest() throws IOException {
    for (SocketAddress listener : listeners)
      for (String size :
          List.of("zz", "-5", "ffffffffffffffff", "", "5 5", "5;a=b", "0x5", "0\r\nTrailer: x")) {
        String chunks = "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + INNER + "0\r\n\r\n";
        assertOneAnswer(400, listener, head("POST " + RUN + "/attempts") + chunks);
        assertOneAnswer(404, listener, head("POST /nothing") + chunks);
        assertOneAnswer(200, listener, head("GET /v1/runs") + chunks);
      }
  }

  @Test
  void theRestOfABodyThatIsTooLongIsNoRequest() throws IOException {
    String most = "x".repeat(MAX_BODY_BYTES + 1);
    String firstChunk =
        "Transfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(most.length())
            + "\r\n"
            + most
            + "\r\n";
    for (SocketAddress listener : listeners) {
      String reading = head("POST " + RUN + "/attempts");
      assertOneAnswer(413, listener, reading + "Content-Length: 9999\r\n\r\n" + INNER);
      assertOneAnswer(413, listener, reading + firstChunk + INNER);
      assertOneAnswer(404, listener, head("POST /nothing") + firstChunk + INNER);
    }
  }

  @Test
  void whatHelidonRefusesByItselfEndsTheConnection() throws IOException {
    String post = "POST " + RUN + "/attempts";
    for (SocketAddress listener : listeners)
      for (String request :
          List.of(
              head(post) + "Content-Encoding: gzip\r\n" + length(INNER),
              head(post) + "Transfer-Encoding: gzip, chunked\r\n\r\n" + INNER,
              head(post) + "Transfer-Encoding: identity\r\n" + length(INNER),
              head(post) + "Transfer-Encoding: chunked\r\n" + length(INNER),
              head(post) + "Content-Length: 1\r\n" + length(INNER),
              head(post) + "Content-Length: -1\r\n\r\n" + INNER,
              head(post) + "Header: " + "x".repeat(20_000) + "\r\n" + length(INNER),
              head(post + "%zz") + length(INNER),
              head("POST /a|b") + length(INNER),
              head("POST /" + "x".repeat(9_000)) + length(INNER),
              "POST /nothing HTTP/1.1\r\n" + length(INNER))) {
        String received = received(listener, request);
        assertTrue(statuses(received).size() <= 1, received);
        assertUnfinished(request);
      }
  }

  @Test
  void aRefusalWhoseBodyWasReadKeepsTheConnection() throws IOException {
    String feedback = "POST " + RUN + "/attempts/0/steps/0/feedback";
    for (SocketAddress listener : listeners)
      for (Map.Entry<String, Integer> refused :
          Map.of(
                  head("POST " + RUN + "/attempts") + length("{"), 400,
                  head("POST " + RUN + "/attempts") + chunked("{}"), 400,
                  head(feedback) + length("{\"kind\": \"train\", \"groups\": {\"x\": {}}}"), 400,
                  head("PUT " + RUN) + length("{}"), 400,
                  head("PUT " + RUN) + length(ServerFixture.SPEC.replace("7", "8")), 409,
                  head("GET /nothing") + "\r\n", 404,
                  head("POST /nothing") + "Content-Length: 0\r\n\r\n", 404,
                  head("PUT /v1/runs") + "\r\n", 405,
                  head("GET " + RUN + "/attempts/0/steps/4/batch?rank=0&wait=PT0S") + "\r\n", 503)
              .entrySet()) {
        String received = received(listener, refused.getKey() + LAST);
        assertEquals(List.of(refused.getValue(), 200), statuses(received), refused.getKey());
        String first = received.substring(0, received.indexOf("\r\n\r\n"));
        assertFalse(first.toLowerCase(Locale.ROOT).contains("connection: close"), first);
      }
  }

  @Test
  void theRestOfABodyIsNotWaitedForLong() throws IOException {
    String half = "Content-Length: 999\r\n\r\n" + INNER;
    assertOneAnswer(404, listeners.getFirst(), head("POST /nothing") + half);
    assertOneAnswer(200, listeners.getLast(), head("GET /v1/runs") + half);
  }

  /** As Python's http.client does, it reads once it has written all. */
  @Test
  void aClientReadsItsAnswerThoughItsLongBodyIsRefused(@TempDir Path other) throws IOException {
    String body = "x".repeat(LONG_BODY_BYTES);
    try (var usual = ServerFixture.start(other)) {
      for (String path : List.of("/nothing", "/v1/runs/none/attempts"))
        try (var socket = new Socket("127.0.0.1", usual.port())) {
          socket.setSoTimeout(RawHttp.MAX_WAIT_MILLIS);
          String request = head("POST " + path) + length(body);
          socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
          byte[] received = socket.getInputStream().readAllBytes();
          assertEquals(404, RawHttp.parse(received).status());
        }
    }
  }

  private void assertOneAnswer(int status, SocketAddress listener, String request)
      throws IOException {
    String received = received(listener, request);
    assertEquals(List.of(status), statuses(received), request + received);
    assertUnfinished(request);
  }

  private void assertUnfinished(String request) throws IOException {
    var run = RawHttp.exchange(server.port(), "GET", RUN, Map.of(), "");
    assertFalse(Json.tree(run.body()).path("finished").asBoolean(true), request);
  }

  /**
   * All that the server says until it ends the connection. The client keeps its side open, so it is
   * the server that ends it.
   */
  private static String received(SocketAddress listener, String request) throws IOException {
    return assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          var bytes = new ByteArrayOutputStream();
          try (var channel = SocketChannel.open(listener)) {
            var sent = ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1));
            while (sent.hasRemaining()) channel.write(sent);
            Channels.newInputStream(channel).transferTo(bytes);
          } catch (IOException reset) { // an end, too; what came before it is told
            assertFalse(reset instanceof ClosedByInterruptException);
          }
          return bytes.toString(StandardCharsets.ISO_8859_1);
        },
        () -> "the connection stayed open after " + request);
  }

  private static List<Integer> statuses(String received) {
    var statuses = new ArrayList<Integer>();
    var matcher = STATUS.matcher(received);
    while (matcher.find()) statuses.add(Integer.parseInt(matcher.group(1)));
    return statuses;
  }

  /** A request's first lines, up to its framing. */
  private static String head(String request) {
    return (request.contains(" HTTP/1.1") ? request : request + " HTTP/1.1") + "\r\nHost: x\r\n";
  }

  private static String length(String body) {
    return "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String chunked(String body) {
    return "Transfer-Encoding: chunked\r\n\r\n"
        + Integer.toHexString(body.length())
        + "\r\n"
        + body
        + "\r\n0\r\n\r\n";
  }

  /** Sends the body without waiting to be told to, as it may (RFC 9110, 10.1.1). */
  private static String expecting(String body) {
    return "Expect: 100-continue\r\n" + length(body);
  }
}
