package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.contract.Contract;
import dev.mixwell.contract.ContractTest;
import dev.mixwell.http.EventClient;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mixers tried on recorded runs, over HTTP. */
class PreviewsTest {
  private static final int STEPS = 24;
  private static final String ODM = "{\"name\": \"odm\"}";
  private static final String EXP3 =
      "{\"name\": \"odm\", \"parameters\": {\"variant\": \"exp3\", \"rewardDivisor\": 1}}";

  @TempDir Path directory;
  private ServerFixture server;

  @BeforeEach
  void start() throws IOException {
    server = ServerFixture.start(directory, Map.of("events.heartbeatMillis", "50"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ODM,
        EXP3,
        "{\"name\": \"odm\", \"parameters\": {\"variant\": \"reference\"}}",
        "{\"name\": \"odm\", \"parameters\": {\"alpha\": 0.25, \"warmupSteps\": 3}}"
      })
  void theRunsOwnMixerGivesWhatTheRunRecorded(String mixer) throws IOException {
    String attempt = create("r", mixer);
    train(attempt, 0, STEPS);
    String before = state("r");
    JsonNode answer = preview(200, "r", "{\"mixer\": " + mixer + "}");
    assertEquals(before, state("r"));
    List<JsonNode> recorded = recorded("r");
    assertEquals(STEPS, recorded.size());
    assertEquals(STEPS, answer.path("closes").size());
    for (int k = 0; k < STEPS; k++) {
      assertEquals(k, answer.path("closes").path(k).path("step").asInt());
      assertEquals(recorded.get(k).path("p"), answer.path("closes").path(k).path("p"));
    }
    assertFalse(answer.path("offPolicy").asBoolean());
    assertEquals(0, answer.path("fromStep").asInt());
    assertEquals(STEPS, answer.path("toStep").asInt());
    assertEquals(json(get("/v1/runs/r/mixer")).path("state"), answer.path("state"));
  }

  @Test
  void anotherMixerIsOffPolicyAndSoIsTheSameFromAnotherStep() throws IOException {
    train(create("r", ODM), 0, STEPS);
    JsonNode other = preview(200, "r", "{\"mixer\": " + EXP3 + "}");
    assertTrue(other.path("offPolicy").asBoolean());
    assertEquals(STEPS, other.path("closes").size());
    JsonNode later = preview(200, "r", "{\"mixer\": " + ODM + ", \"fromStep\": 5}");
    assertTrue(later.path("offPolicy").asBoolean());
    assertEquals(5, later.path("closes").path(0).path("step").asInt());
    assertEquals(p("r", 4), later.path("start"));
    JsonNode own =
        preview(200, "r", "{\"mixer\": " + ODM + ", \"fromStep\": 5, \"start\": \"own\"}");
    assertEquals(0.5, own.path("start").path("code").asDouble());
  }

  @Test
  void aMixerThatLearnsNothingHasItsStart() throws IOException {
    train(create("r", ODM), 0, 2);
    JsonNode answer = preview(200, "r", "{\"mixer\": {\"name\": \"stratified\"}}");
    assertEquals(0, answer.path("closes").size());
    assertEquals(0.5, answer.path("p").path("code").asDouble());
  }

  @Test
  void lossesOfARunWhoseMixerAwaitsNoneAreFolded() throws IOException {
    train(create("r", "{\"name\": \"stratified\"}"), 0, 5);
    JsonNode answer = preview(200, "r", "{\"mixer\": " + EXP3 + "}");
    assertEquals(5, answer.path("closes").size());
    assertTrue(answer.path("offPolicy").asBoolean());
  }

  @Test
  void whatWasNotRecordedIsNamed() throws IOException {
    String attempt = create("r", "{\"name\": \"stratified\"}");
    send(200, "GET", attempt + "/steps/0/batch?rank=0", "");
    refused("r", ODM, "train", 0);
    train(create("s", ODM), 0, 5);
    refused("s", "{\"name\": \"doremi\"}", "excess", 0);
    refused("s", "{\"name\": \"doge\"}", "alignment", 0);
  }

  private void refused(String run, String mixer, String kind, int step) throws IOException {
    JsonNode problem = preview(422, run, "{\"mixer\": " + mixer + "}");
    assertEquals("urn:mixwell:problem:not-previewable", problem.path("type").asText());
    assertEquals(kind, problem.path("kind").asText());
    assertEquals(step, problem.path("step").asInt());
  }

  @Test
  void evaluationsAtOtherStepsThanAMixersOwnAreNotTakenForThem() throws IOException {
    String attempt = create("r", ODM);
    for (int k = 0; k < 12; k += 4) {
      if (k > 0) evaluate(attempt, k);
      train(attempt, k, k + 4);
    }
    String skillIt =
        "{\"name\": \"skill-it\", \"parameters\": {\"evaluateSteps\": %d, \"updateSteps\": %d,"
            + " \"graph\": {\"prose\": {\"prose\": 0.5, \"code\": 0.25}, \"code\": {\"prose\":"
            + " 0.125, \"code\": 0.5}}}}";
    refused("r", skillIt.formatted(3, 3), "validation", 3);
    JsonNode answer = preview(200, "r", "{\"mixer\": " + skillIt.formatted(4, 4) + "}");
    assertEquals(2, answer.path("closes").size());
    assertEquals(8, answer.path("closes").path(1).path("step").asInt());
    assertTrue(answer.path("offPolicy").asBoolean());
  }

  private void evaluate(String attempt, int step) throws IOException {
    String body =
        "{\"kind\": \"validation\", \"groups\": {\"prose\": {\"lossSum\": %s, \"tokens\": 64},"
            + " \"code\": {\"lossSum\": 130.5, \"tokens\": 64}}}";
    send(200, "POST", attempt + "/steps/" + step + "/feedback", body.formatted(200 - step));
  }

  private static String aioli(int initialSteps) {
    return "{\"name\": \"aioli\", \"parameters\": {\"initialSteps\": %d, \"initialWeights\": {\"prose\": 1, \"code\": 1}}}"
        .formatted(initialSteps);
  }

  @Test
  void aMixerThatProbesIsRefusedWhereItWouldHaveSteered() throws IOException {
    train(create("r", ODM), 0, 9);
    refused("r", aioli(6), "validation", 6);
    preview(200, "r", "{\"mixer\": " + aioli(600) + "}");
  }

  @Test
  void aMistakeGetsTheAnswerThatASwapGets() throws IOException {
    create("r", ODM);
    for (String mixer :
        List.of(
            "{\"name\": \"odn\"}",
            "{\"name\": \"odm\", \"parameters\": {\"alfa\": 1}}",
            "{\"name\": \"odm\", \"parameters\": {\"alpha\": 7}}"))
      for (String rest : List.of("", ", \"follow\": true")) {
        String swap = "{\"mixer\": " + mixer + ", \"who\": \"ada\", \"why\": \"because\"}";
        JsonNode refused = json(send(422, "PUT", "/v1/runs/r/mixer", swap));
        JsonNode problem = preview(422, "r", "{\"mixer\": " + mixer + rest + "}");
        assertEquals(refused.path("type"), problem.path("type"));
        assertEquals(refused.path("detail"), problem.path("detail"));
      }
    preview(422, "r", "{\"mixer\": " + ODM + ", \"start\": \"now\"}");
    preview(422, "r", "{\"mixer\": " + ODM + ", \"fromStep\": 900}");
    preview(422, "r", "{\"mixer\": " + ODM + ", \"fromStep\": -1}");
    preview(400, "r", "{\"mixer\": " + ODM + ", \"folow\": true}");
    preview(404, "none", "{\"mixer\": " + ODM + "}");
  }

  @Test
  void aShadowKeepsEqualToTheLiveRun() throws IOException {
    String attempt = create("r", ODM);
    train(attempt, 0, 6);
    try (var shadow = follow("r", ODM);
        var other = follow("r", EXP3)) {
      assertEquals("preview", next(shadow).event());
      assertEquals("preview", next(other).event());
      train(attempt, 6, STEPS);
      List<JsonNode> recorded = recorded("r");
      for (int k = 0; k < STEPS; k++) {
        EventClient.Block close = next(shadow);
        assertEquals("close", close.event());
        assertEquals(Integer.toString(k), close.id());
        assertEquals(recorded.get(k).path("p"), data(close).path("p"));
        assertFalse(data(close).path("offPolicy").asBoolean());
        JsonNode differs = data(next(other));
        assertEquals(k, differs.path("step").asInt());
        assertTrue(differs.path("offPolicy").asBoolean());
      }
      send(200, "DELETE", "/v1/runs/r?who=ada&why=done", "");
      assertNull(shadow.nextEvent());
      assertNull(other.nextEvent());
    }
    var whole = send(200, "POST", "/v1/runs/r/mixer/preview", following(ODM));
    var contract = new Contract();
    var operation =
        contract.operations().stream()
            .filter(o -> o.id().equals("previewMixer"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(), ContractTest.differences(contract, operation, whole));
  }

  @Test
  void aShadowThatWouldHaveToSteerEndsWithTheProblem() throws IOException {
    String attempt = create("r", ODM);
    train(attempt, 0, 2);
    try (var shadow = follow("r", aioli(20))) {
      assertEquals("preview", next(shadow).event());
      train(attempt, 2, STEPS);
      EventClient.Block end = next(shadow);
      assertEquals("problem", end.event());
      assertEquals(20, data(end).path("step").asInt());
      assertNull(shadow.nextEvent());
    }
  }

  @Test
  void aShadowGoesOverToTheNextAttempt() throws IOException {
    train(create("r", ODM), 0, 6);
    try (var shadow = follow("r", ODM)) {
      assertEquals("preview", next(shadow).event());
      for (int k = 0; k < 6; k++) assertEquals(k, data(next(shadow)).path("step").asInt());
      String body = "{\"fromStep\": 4, \"world\": 1, \"launchId\": \"second\"}";
      JsonNode opened = json(send(200, "POST", "/v1/runs/r/attempts", body));
      EventClient.Block fork = next(shadow);
      assertEquals("fork", fork.event());
      assertEquals(opened.path("attempt"), data(fork).path("attempt"));
      assertEquals(4, data(fork).path("fromStep").asInt());
      train("/v1/runs/r/attempts/1", 4, 8);
      for (int k = 4; k < 8; k++) {
        JsonNode close = data(next(shadow));
        assertEquals(k, close.path("step").asInt());
        assertEquals(1, close.path("attempt").asInt());
        if (k < 7) assertEquals(p("r", k + 4), close.path("p"));
      }
    }
  }

  @Test
  void previewsAreLimitedWithTheStreams() throws IOException {
    server.close();
    server = ServerFixture.start(directory, Map.of("events.maxStreams", "0"));
    create("r", ODM);
    for (String body : List.of("{\"mixer\": " + ODM + "}", following(ODM)))
      assertEquals(0, preview(429, "r", body).path("maxStreams").asInt());
  }

  private String create(String run, String mixer) throws IOException {
    String spec = ServerFixture.SPEC.replace("{\"name\": \"odm\"}", mixer);
    send(201, "PUT", "/v1/runs/" + run, spec);
    return server.openAttempt(run);
  }

  private void train(String attempt, int from, int to) throws IOException {
    for (int k = from; k < to; k++) {
      send(200, "GET", attempt + "/steps/" + k + "/batch?rank=0&wait=PT10S", "");
      String body =
          "{\"kind\": \"train\", \"groups\": {\"prose\": {\"lossSum\": %s, \"tokens\": 1},"
              + " \"code\": {\"lossSum\": %s, \"tokens\": 1}}}";
      send(
          200,
          "POST",
          attempt + "/steps/" + k + "/feedback",
          body.formatted(4 - k * 0.0625, 1 + k * 0.03125));
    }
  }

  /** The step-closed events of a run's newest lineage, by step. */
  private List<JsonNode> recorded(String run) throws IOException {
    var closes = new ArrayList<JsonNode>();
    String all = "/v1/runs/" + run + "/events?after=-1&types=step-closed";
    int closed = json(get("/v1/runs/" + run + "/mixture")).path("firstUndecided").asInt() - 4;
    try (var client = EventClient.get(server.port(), all)) {
      while (closes.size() < closed) closes.add(data(next(client)));
    }
    return closes;
  }

  /** What the close of a step decided, as the plan of the step that it decides has it. */
  private JsonNode p(String run, int step) throws IOException {
    for (JsonNode entry :
        json(get("/v1/runs/" + run + "/mixture/history?from=0&to=100")).path("steps"))
      if (entry.path("step").asInt() == step) return entry.path("p");
    throw new AssertionError("step " + step + " is not issued");
  }

  private String state(String run) throws IOException {
    var text = new StringBuilder();
    for (String path : List.of("", "/mixture", "/mixture/history", "/mixer", "/overrides"))
      text.append(get("/v1/runs/" + run + path).text());
    return text.toString();
  }

  private static String following(String mixer) {
    return "{\"mixer\": " + mixer + ", \"follow\": true}";
  }

  private EventClient follow(String run, String mixer) throws IOException {
    String target = "/v1/runs/" + run + "/mixer/preview";
    var client = new EventClient(server.port(), "POST", target, Map.of(), following(mixer));
    assertEquals(200, client.status());
    return client;
  }

  private static EventClient.Block next(EventClient client) throws IOException {
    EventClient.Block block = client.nextEvent();
    assertNotNull(block);
    return block;
  }

  private static JsonNode data(EventClient.Block block) {
    return Json.tree(block.data().getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode preview(int status, String run, String body) throws IOException {
    return json(send(status, "POST", "/v1/runs/" + run + "/mixer/preview", body));
  }

  private RawHttp.Answer get(String target) throws IOException {
    return send(200, "GET", target, "");
  }

  private static JsonNode json(RawHttp.Answer answer) {
    return Json.tree(answer.body());
  }

  private RawHttp.Answer send(int status, String method, String target, String body)
      throws IOException {
    var answer = RawHttp.exchange(server.port(), method, target, Map.of("If-Match", "*"), body);
    assertEquals(status, answer.status(), answer.text());
    return answer;
  }
}
