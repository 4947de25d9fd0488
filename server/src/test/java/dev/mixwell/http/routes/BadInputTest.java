package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Every mistake over HTTP gets its problem, says what to do, and changes nothing. */
class BadInputTest {
  private static final String RUN = "/v1/runs/r";
  private static final String NEWEST = RUN + "/attempts/1/steps/";
  private static final String GOOD =
      train("{\"lossSum\": 300, \"tokens\": 128}", "{\"lossSum\": 200, \"tokens\": 128}");

  @TempDir Path directory;
  private ServerFixture server;

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

  /**
   * @param body {@code SPEC old => new} is the contract's example of a run with one text replaced
   * @param says what the detail must contain
   */
  @ParameterizedTest(name = "{0}")
  @CsvFileSource(
      resources = "mistakes.csv",
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "-")
  void everyMistakeIsExplainedAndChangesNothing(
      String what, String request, @Nullable String body, int status, String problem, String says)
      throws IOException {
    String before = state();
    RawHttp.Answer answer = exchange(request, body == null ? "" : expand(body));
    assertEquals(status, answer.status(), what + ": " + answer.text());
    assertEquals("application/problem+json", answer.header("content-type"));
    var found = Json.tree(answer.body());
    assertEquals("urn:mixwell:problem:" + problem, found.path("type").asText());
    assertTrue(found.path("detail").asText().contains(says), answer.text());
    assertEquals(before, state());
  }

  private static String expand(String body) {
    if (!body.startsWith("SPEC ")) return body;
    String[] replaced = body.substring("SPEC ".length()).split(" => ");
    return ServerFixture.SPEC.replace(replaced[0], replaced[1]);
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
