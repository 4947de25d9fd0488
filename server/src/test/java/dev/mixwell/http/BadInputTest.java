package dev.mixwell.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake over HTTP gets its problem, says what to do, and changes nothing. */
class BadInputTest {
  private static final String RUN = "/v1/runs/r";
  private static final String NEWEST = RUN + "/attempts/1/steps/";
  private static final String GOOD =
      train("{\"lossSum\": 300, \"tokens\": 128}", "{\"lossSum\": 200, \"tokens\": 128}");

  @TempDir Path directory;
  private ServerFixture server;

  /** A mistake: what is sent, and what must come back. */
  private record Mistake(
      String what, String request, String body, int status, String problem, String says) {}

  /** Attempt 1 has superseded attempt 0; its step 0 is closed, its step 1 issued. */
  @BeforeEach
  void start() throws IOException {
    server = ServerFixture.start(directory);
    server.createRun("r");
    send(200, "POST " + RUN + "/attempts", launch(0, 2, "first"));
    send(200, "GET " + RUN + "/attempts/0/steps/0/batch?rank=0", "");
    send(200, "POST " + RUN + "/attempts", launch(0, 2, "second"));
    send(200, "GET " + NEWEST + "1/batch?rank=0", "");
    send(200, "POST " + NEWEST + "0/feedback", GOOD);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @TestFactory
  List<DynamicTest> everyMistakeIsExplainedAndChangesNothing() {
    return mistakes().stream()
        .map(mistake -> DynamicTest.dynamicTest(mistake.what, () -> check(mistake)))
        .toList();
  }

  private static List<Mistake> mistakes() {
    String feedback = "POST " + NEWEST + "1/feedback";
    String code = "{\"lossSum\": 200, \"tokens\": 128}";
    return List.of(
        new Mistake(
            "NaN",
            feedback,
            train("{\"lossSum\": NaN, \"tokens\": 128}", code),
            400,
            "malformed-request",
            "NaN"),
        new Mistake(
            "infinity",
            feedback,
            train("{\"lossSum\": 1e999, \"tokens\": 128}", code),
            422,
            "bad-feedback",
            "not finite"),
        new Mistake(
            "negative loss",
            feedback,
            train("{\"lossSum\": -1, \"tokens\": 128}", code),
            422,
            "bad-feedback",
            "not negative"),
        new Mistake(
            "negative count",
            feedback,
            train("{\"lossSum\": 1, \"tokens\": -1}", code),
            422,
            "bad-feedback",
            "-1 tokens"),
        new Mistake(
            "too many tokens",
            feedback,
            train("{\"lossSum\": 1, \"tokens\": 129}", code),
            422,
            "bad-feedback",
            "hold no more than 128"),
        new Mistake(
            "unknown group",
            feedback,
            "{\"kind\": \"train\", \"groups\": {\"poems\": " + code + "}}",
            422,
            "bad-feedback",
            "poems"),
        new Mistake(
            "missing group",
            feedback,
            "{\"kind\": \"train\", \"groups\": {\"code\": " + code + "}}",
            422,
            "bad-feedback",
            "prose"),
        new Mistake(
            "unknown kind",
            feedback,
            "{\"kind\": \"mood\", \"groups\": {}}",
            400,
            "malformed-request",
            "mood"),
        new Mistake(
            "step not issued",
            "POST " + NEWEST + "400/feedback",
            GOOD,
            409,
            "not-issued",
            "Pull a step"),
        new Mistake(
            "other payload",
            "POST " + NEWEST + "0/feedback",
            train(code, code),
            409,
            "feedback-conflict",
            "stays"),
        new Mistake(
            "fenced post",
            "POST " + RUN + "/attempts/0/steps/0/feedback",
            GOOD,
            409,
            "fenced",
            "superseded"),
        new Mistake(
            "fenced pull",
            "GET " + RUN + "/attempts/0/steps/0/batch?rank=0",
            "",
            409,
            "fenced",
            "stop this trainer"),
        new Mistake(
            "no such attempt",
            "GET " + RUN + "/attempts/7/steps/0/batch?rank=0",
            "",
            404,
            "attempt-not-found",
            "Open one"),
        new Mistake(
            "rank out of range",
            "GET " + NEWEST + "0/batch?rank=2",
            "",
            422,
            "rank-out-of-range",
            "ranks 0 to 1"),
        new Mistake("no rank", "GET " + NEWEST + "0/batch", "", 400, "malformed-request", "rank"),
        new Mistake(
            "world does not divide",
            "POST " + RUN + "/attempts",
            launch(0, 3, "third"),
            422,
            "world-not-divisible",
            "3 ranks"),
        new Mistake(
            "launch with other values",
            "POST " + RUN + "/attempts",
            launch(1, 2, "second"),
            409,
            "launch-conflict",
            "new launchId"),
        new Mistake(
            "step nobody reached",
            "POST " + RUN + "/attempts",
            launch(900, 2, "third"),
            422,
            "parent-not-reached",
            "900"),
        new Mistake(
            "no such run", "GET /v1/runs/other", "", 404, "run-not-found", "PUT /v1/runs/other"),
        new Mistake(
            "same run, other values",
            "PUT " + RUN,
            ServerFixture.SPEC.replace("\"seed\": 7", "\"seed\": 8"),
            409,
            "run-conflict",
            "never changes"),
        new Mistake(
            "query matches nothing",
            "PUT /v1/runs/new",
            ServerFixture.SPEC.replace("tag:code", "tag:cobol"),
            422,
            "invalid-query",
            "tag:cobol"),
        new Mistake(
            "query does not parse",
            "PUT /v1/runs/new",
            ServerFixture.SPEC.replace("tag:code", "tag:("),
            422,
            "invalid-query",
            "tag:("),
        new Mistake(
            "query of an unknown key",
            "PUT /v1/runs/new",
            ServerFixture.SPEC.replace("tag:code", "tug:code"),
            422,
            "invalid-query",
            "tag"),
        new Mistake(
            "too few held-out rows",
            "PUT /v1/runs/new",
            ServerFixture.SPEC.replace("\"validationRows\": 2", "\"validationRows\": 9999"),
            422,
            "too-few-held-out",
            "9,999"),
        new Mistake(
            "unknown mixer",
            "PUT /v1/runs/new",
            ServerFixture.SPEC.replace("\"odm\"", "\"omd\""),
            422,
            "invalid-mixer",
            "odm"),
        new Mistake(
            "unknown member",
            "PUT /v1/runs/new",
            ServerFixture.SPEC.replace("\"seed\"", "\"sead\""),
            400,
            "malformed-request",
            "`seed` is missing"),
        new Mistake(
            "units do not divide",
            "PUT /v1/runs/new",
            ServerFixture.SPEC.replace("\"seed\"", "\"unitRows\": 3, \"seed\""),
            422,
            "invalid-run",
            "unitRows"),
        new Mistake(
            "swap without a tag",
            "PUT " + RUN + "/mixer",
            "{\"mixer\": {\"name\": \"stratified\"}, \"who\": \"a\", \"why\": \"b\"}",
            428,
            "precondition-required",
            "If-Match"),
        new Mistake(
            "operation in the past",
            "POST " + RUN + "/skips",
            "{\"atStep\": 0, \"steps\": 1, \"who\": \"a\", \"why\": \"b\"}",
            409,
            "already-issued",
            "first step that can"),
        new Mistake(
            "pin of an unknown group",
            "PUT " + RUN + "/overrides",
            "{\"pins\": {\"poems\": 0.5}, \"who\": \"a\", \"why\": \"b\"}",
            422,
            "invalid-operation",
            "poems"));
  }

  private void check(Mistake mistake) throws IOException {
    String before = state();
    RawHttp.Answer answer = exchange(mistake.request, mistake.body);
    assertEquals(mistake.status, answer.status(), answer.text());
    assertEquals("application/problem+json", answer.header("content-type"));
    var problem = Json.tree(answer.body());
    assertEquals("urn:mixwell:problem:" + mistake.problem, problem.path("type").asText());
    assertTrue(problem.path("detail").asText().contains(mistake.says), answer.text());
    assertEquals(before, state());
  }

  @Test
  void feedbackOfAClosedStepIsSettled() throws IOException {
    String spec =
        ServerFixture.SPEC.replace(
            "\"seed\"",
            "\"reporters\": \"ranks\", \"closing\": {\"policy\": \"close-after\", \"afterMillis\": 1}, \"seed\"");
    send(201, "PUT /v1/runs/late", spec);
    send(200, "POST /v1/runs/late/attempts", launch(0, 2, "late"));
    String steps = "/v1/runs/late/attempts/0/steps/";
    send(200, "GET " + steps + "0/batch?rank=0", "");
    String empty = "{\"kind\": \"train\", \"rank\": %d, \"groups\": {}}";
    send(200, "POST " + steps + "0/feedback", empty.formatted(0));
    send(200, "GET " + steps + "4/batch?rank=0&wait=PT10S", ""); // decided by the close of step 0
    var late = send(409, "POST " + steps + "0/feedback", empty.formatted(1));
    assertTrue(late.text().contains("urn:mixwell:problem:step-closed"), late.text());
  }

  /** Whatever a mistake could have changed. */
  private String state() throws IOException {
    var text = new StringBuilder();
    for (String path :
        List.of("", "/mixture", "/mixture/history?from=0&to=50", "/mixer", "/overrides"))
      text.append(send(200, "GET " + RUN + path, "").text());
    return text + send(200, "GET /v1/runs", "").text();
  }

  private RawHttp.Answer send(int status, String request, String body) throws IOException {
    RawHttp.Answer answer = exchange(request, body);
    assertEquals(status, answer.status(), answer.text());
    return answer;
  }

  private RawHttp.Answer exchange(String request, String body) throws IOException {
    String[] parts = request.split(" ", 2);
    return RawHttp.exchange(server.port(), parts[0], parts[1], Map.of(), body);
  }

  private static String launch(long fromStep, int world, String id) {
    return "{\"fromStep\": %d, \"world\": %d, \"launchId\": \"%s\"}".formatted(fromStep, world, id);
  }

  private static String train(String prose, String code) {
    return "{\"kind\": \"train\", \"groups\": {\"prose\": %s, \"code\": %s}}"
        .formatted(prose, code);
  }
}
