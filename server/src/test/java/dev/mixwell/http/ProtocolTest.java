package dev.mixwell.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.config.ConfigReader;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.http.routes.MadeRoutes;
import dev.mixwell.http.routes.Routes;
import dev.mixwell.metrics.Meters;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The listener's own behaviour, with routes made for it. */
class ProtocolTest {
  private static final Meters METERS = new Meters();
  private static Routes routes;
  private static HttpServer server;

  @BeforeAll
  static void start() {
    var config =
        ConfigReader.read(null, Map.of(), Map.of("http.port", "0", "http.maxBodyBytes", "2048"));

    var made = new ArrayList<Route>();
    made.add(
        Route.get(
            "/number/{n}",
            x -> x.json(200, Map.of("n", x.pathLong("n"), "k", x.queryLong("k", 0, 9, 7))),
            "k"));
    made.add(Route.post("/echo", x -> x.json(200, x.body(JsonNode.class))));
    made.add(Route.post("/unread", x -> x.json(200, Map.of())));
    made.add(
        Route.get(
            "/broken",
            x -> {
              throw new IllegalStateException("on purpose");
            }));
    made.add(
        Route.get(
            "/later",
            x -> {
              throw new Refusal(ProblemType.UNDECIDED, "wait");
            }));
    made.add(
        Route.get(
            "/local",
            x -> {
              throw new Refusal(ProblemType.BAD_INPUT, "Say it.");
            }));
    made.add(
        Route.get(
            "/torn",
            x ->
                x.stream(
                    "text/plain",
                    out -> {
                      out.write(new byte[100_000]);
                      out.write(new byte[100_000]);
                      throw new Refusal(ProblemType.SHARD_DAMAGED, "x");
                    })));
    routes = MadeRoutes.of(config, METERS, Map.of(), made);
    server = HttpServer.start(config.http(), routes, METERS);
  }

  @AfterAll
  static void stop() {
    server.close();
    METERS.close();
  }

  @Test
  void healthIsUpOnceStarted() throws IOException {
    for (String probe : List.of("live", "ready", "started")) {
      var answer = get("/observe/health/" + probe);
      assertEquals(200, answer.status());
      assertEquals("{\"status\":\"UP\"}", answer.text());
    }
  }

  @Test
  void healthSaysWhyItIsDown() throws IOException {
    routes.stopping();
    try {
      var answer = get("/observe/health/ready");
      assertEquals(503, answer.status());
      assertEquals("{\"status\":\"DOWN\",\"reason\":\"stopping\"}", answer.text());
      assertEquals(200, get("/observe/health/live").status());
      assertEquals(200, get("/observe/health/started").status());
    } finally {
      routes.started();
    }
  }

  @Test
  void pathAndQueryNumbersAreChecked() throws IOException {
    assertEquals("{\"k\":3,\"n\":5}", sorted(get("/number/5?k=3")));
    assertEquals("{\"k\":7,\"n\":9223372036854775807}", sorted(get("/number/9223372036854775807")));
    for (String target :
        List.of(
            "/number/-1",
            "/number/+1",
            "/number/1e3",
            "/number/9223372036854775808",
            "/number/x",
            "/number/1?k=10",
            "/number/1?k=",
            "/number/1?k=1&k=1",
            "/number/1?kk=1",
            "/number/1?k=%31%00",
            "/number/%D9%A1")) problem(get(target), ProblemType.MALFORMED_REQUEST);
    assertTrue(get("/number/1?kk=1").text().contains("`kk`"));
  }

  @Test
  void otherMethodsAndAddressesAreProblems() throws IOException {
    var answer = RawHttp.exchange(server.port(), "PUT", "/echo", Map.of(), "{}");
    problem(answer, ProblemType.METHOD_NOT_ALLOWED);
    assertEquals("POST", answer.header("allow"));
    problem(
        RawHttp.exchange(server.port(), "BREW", "/echo", Map.of(), ""),
        ProblemType.METHOD_NOT_ALLOWED);
    problem(get("/nothing"), ProblemType.NOT_FOUND);
    problem(get("/"), ProblemType.NOT_FOUND);
    assertEquals(405, RawHttp.exchange(server.port(), "HEAD", "/openapi", Map.of(), "").status());
  }

  @Test
  void bodiesAreBoundedAndStrict() throws IOException {
    assertEquals("{\"a\":1}", post("{\"a\":1}").text());
    problem(post(""), ProblemType.MALFORMED_REQUEST);
    problem(post("{\"a\":1,\"a\":2}"), ProblemType.MALFORMED_REQUEST);
    problem(post("{\"a\":1} x"), ProblemType.MALFORMED_REQUEST);
    problem(post("[".repeat(500)), ProblemType.MALFORMED_REQUEST);
    problem(post("\"" + "x".repeat(3000) + "\""), ProblemType.PAYLOAD_TOO_LARGE);
    problem(
        RawHttp.raw(server.port(), chunked("\"" + "x".repeat(3000) + "\"")),
        ProblemType.PAYLOAD_TOO_LARGE);
  }

  @Test
  void brokenChunksAreAnsweredOrClosedAtOnce() throws IOException {
    for (String path : List.of("/echo", "/unread"))
      for (String size : List.of("zz", "-5", "ffffffffffffffff", "", "5 5", "7fffffff")) {
        var answer =
            RawHttp.raw(
                server.port(),
                "POST "
                    + path
                    + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + size
                    + "\r\n{}\r\n0\r\n\r\n");
        assertTrue(answer.status() < 500, path + " " + size + ": " + answer.text());
      }
  }

  @Test
  void protocolErrorsAreProblemsToo() throws IOException {
    problem(
        RawHttp.raw(server.port(), "GET /openapi HTTP/1.1\r\n\r\n"), ProblemType.MALFORMED_REQUEST);
    problem(
        RawHttp.raw(server.port(), "GET /a|b HTTP/1.1\r\nHost: x\r\n\r\n"),
        ProblemType.MALFORMED_REQUEST);
    problem(
        RawHttp.raw(server.port(), "GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
        ProblemType.MALFORMED_REQUEST);
  }

  @Test
  void theUnexpectedIsLoggedUnderTheIdItAnswers() throws IOException {
    var answer = get("/broken");
    problem(answer, ProblemType.INTERNAL);
    assertEquals(36, Json.tree(answer.body()).path("id").asText().length());
    assertTrue(!answer.text().contains("on purpose"));
  }

  @Test
  void whatMayBeRetriedSaysWhen() throws IOException {
    var answer = get("/later");
    problem(answer, ProblemType.UNDECIDED);
    assertEquals("1", answer.header("retry-after"));
  }

  @Test
  void whatOnlyCommandsMeetIsSentAsAnErrorOfTheServerWithItsSentence() throws IOException {
    var answer = get("/local");
    problem(answer, ProblemType.INTERNAL);
    assertTrue(answer.text().contains("Say it."), answer.text());
  }

  @Test
  void aStreamThatFailsIsCutAndNeverEndsWell() throws IOException {
    var answer = get("/torn");
    assertEquals("torn", answer.header("x-end"));
    assertTrue(get("/observe/metrics").text().contains("mixwell_problems_shard_damaged_total 1.0"));
  }

  @Test
  void problemsAreCounted() throws IOException {
    get("/nothing");
    String metrics = get("/observe/metrics").text();
    assertTrue(
        metrics.lines().anyMatch(line -> line.matches("mixwell_problems_not_found_total [1-9].*")),
        metrics);
  }

  private static void problem(RawHttp.Answer answer, ProblemType type) {
    assertEquals(type.status(), answer.status(), answer.text());
    assertEquals("application/problem+json", answer.header("content-type"));
    JsonNode body = Json.tree(answer.body());
    assertEquals(type.uri(), body.path("type").asText());
    assertEquals(type.status(), body.path("status").asInt());
    assertTrue(body.path("detail").asText().length() > 0);
  }

  private static String sorted(RawHttp.Answer answer) {
    return Json.write(new TreeMap<>(Json.read(answer.body(), Map.class)));
  }

  private static String chunked(String body) {
    return "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        + Integer.toHexString(body.length())
        + "\r\n"
        + body
        + "\r\n0\r\n\r\n";
  }

  private static RawHttp.Answer get(String target) throws IOException {
    return RawHttp.exchange(server.port(), "GET", target, Map.of(), "");
  }

  private static RawHttp.Answer post(String body) throws IOException {
    return RawHttp.exchange(server.port(), "POST", "/echo", Map.of(), body);
  }

  @Test
  void aConnectionThatIsToBeClosedIsClosed() throws IOException {
    for (String target : List.of("/number/3", "/nothing", "/later")) {
      try (var socket = new Socket("127.0.0.1", server.port())) {
        socket.setSoTimeout(RawHttp.MAX_WAIT_MILLIS);
        String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(answer.startsWith("HTTP/1.1 "), target + ": " + answer);
      }
    }
  }
}
