package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.PlanAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.MixersUnderTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs whose mixers wait for something else than training losses; the lookahead is 4. */
class FeedbackKindsTest {
  private static final double UNIT = 128; // tokens of a group's 4 rows

  @TempDir Path directory;
  private ServerFixture server;

  @BeforeEach
  void start() throws IOException {
    server = ServerFixture.start(directory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void gradientsCloseTheStepsOfDoge() throws IOException {
    String attempt = run("doge", "\"mu\": 0.001");
    assertEquals("alignment", metadata(attempt, 0).path("awaits").asText());
    String losses =
        "{\"kind\": \"train\", \"groups\": {\"prose\": {\"lossSum\": 300, \"tokens\": 128},"
            + " \"code\": {\"lossSum\": 200, \"tokens\": 128}}}";
    post(attempt, 0, losses);
    assertEquals(503, batch(attempt, 4).status(), "training losses do not close it");
    post(
        attempt,
        0,
        "{\"kind\": \"alignment\", \"learningRate\": 0.001, \"groups\": {"
            + "\"prose\": {\"alignment\": {\"gram\": {\"prose\": 4, \"code\": 1}, \"norm\": 2}},"
            + "\"code\": {\"alignment\": {\"score\": 1, \"norm\": 1}}}}");
    double score = (5 - 1) / (1.5 + 1e-6);
    double prose = 1 / (1 + StrictMath.exp(-score));
    assertEquals(prose, p(attempt, 4)[1], 1e-5, "smoothed a little");
    assertEquals(0.5, p(attempt, 3)[1]);
    for (int step = 1; step < 8; step++) {
      assertEquals(200, batch(attempt, step).status());
      post(attempt, step, "{\"kind\": \"alignment\", \"groups\": {}}");
    }
    assertArrayEquals(p(attempt, 4), p(attempt, 11), "nothing usable changes nothing");
  }

  @Test
  void lossWeightsOfDoremiTravelWithTheBatch() throws IOException {
    String attempt = run("doremi", "\"eta\": 2, \"smoothing\": 0");
    JsonNode first = metadata(attempt, 0);
    assertEquals("excess", first.path("awaits").asText());
    assertEquals("[1.0,1.0]", first.path("lossWeights").asText());
    post(attempt, 0, losses("excess", 0.75, 0.25));
    double prose = 1 / (1 + StrictMath.exp(-2 * 0.5));
    double[] weights = Json.read(metadata(attempt, 4).path("lossWeights").asText(), double[].class);
    String[] names = Json.read(metadata(attempt, 4).path("groups").asText(), String[].class);
    int index = Arrays.asList(names).indexOf("prose");
    assertEquals(2 * prose, weights[index], 1e-12);
    assertEquals(2 - 2 * prose, weights[1 - index], 1e-12);
    assertArrayEquals(new double[] {0.5, 0.5}, p(attempt, 4), "what is sampled stays");
  }

  @Test
  void differencesMayBeNegativeAndProportionsAreSampledWhereThatIsAsked() throws IOException {
    String attempt =
        run("doremi", "\"variant\": \"aioli\", \"eta\": 1, \"sampling\": \"proportions\"");
    assertEquals("difference", metadata(attempt, 0).path("awaits").asText());
    assertFalse(metadata(attempt, 0).has("lossWeights"));
    post(attempt, 0, losses("difference", -1.5, 0.5));
    assertTrue(p(attempt, 4)[0] > 0.6, Arrays.toString(p(attempt, 4)));
  }

  @Test
  void validationDecidesTheRoundsOfSkillIt() throws IOException {
    String attempt =
        run(
            "skill-it",
            "\"graph\": {\"prose\": {\"prose\": 1, \"code\": 0}, \"code\": {\"prose\": 0, \"code\":"
                + " 1}}, \"eta\": 0.5, \"updateSteps\": 2");
    assertEquals("validation", metadata(attempt, 0).path("awaits").asText());
    assertEquals(503, batch(attempt, 2).status());
    assertEquals(200, batch(attempt, 1).status());
    post(attempt, 2, losses("validation", 3, 1, 2 * 32));
    assertEquals(1 / (1 + StrictMath.exp(-0.5 * 2)), p(attempt, 2)[1], 1e-12);
    assertArrayEquals(p(attempt, 2), p(attempt, 3));
  }

  @Test
  void aScheduleWaitsForNothing() throws IOException {
    String attempt =
        run(
            "schedule",
            "\"points\": [{\"at\": 0, \"weights\": {\"prose\": 1, \"code\": 0}},"
                + " {\"at\": 10, \"weights\": {\"prose\": 0, \"code\": 1}}]");
    assertFalse(metadata(attempt, 0).has("awaits"));
    for (int step = 0; step < 12; step++) {
      assertEquals(200, batch(attempt, step).status());
      assertEquals(Math.min(1, step / 10.0), p(attempt, step)[0], 1e-12);
    }
  }

  /** Whatever it awaits: the trainer's posts close its steps, and the next block is decided. */
  @ParameterizedTest
  @MethodSource("mixers")
  void everyMixerServesAndItsFeedbackClosesItsSteps(MixerSpec spec) throws IOException {
    String name = spec.name() + "-" + Integer.toHexString(spec.hashCode());
    String body = ServerFixture.SPEC.replace("{\"name\": \"odm\"}", Json.write(spec));
    var created = RawHttp.exchange(server.port(), "PUT", "/v1/runs/" + name, Map.of(), body);
    assertEquals(201, created.status(), created.text());
    String attempt = server.openAttempt(name);
    var run = Json.read(body, RunSpec.class);
    Mixer mixer = Mixers.create(spec, MixerContext.of(run, new long[] {1_000, 1_000}));
    FeedbackKind kind = mixer.awaits();
    for (int step = 0; step < 3 * run.lookahead(); step++) {
      if (kind == FeedbackKind.VALIDATION && mixer.isBoundary(step))
        post(attempt, step, losses(kind.label(), 3, 1, 2 * run.rowTokens()));
      JsonNode awaits = metadata(attempt, step).path("awaits");
      assertEquals(kind == null ? "" : kind.label(), awaits.asText());
      if (kind != null && kind != FeedbackKind.VALIDATION)
        post(attempt, step, feedback(attempt, step, kind, run.rowTokens()));
    }
  }

  private static List<MixerSpec> mixers() {
    return MixersUnderTest.specs(List.of("prose", "code"));
  }

  /** Of the groups that have rows in the step. */
  private String feedback(String attempt, long step, FeedbackKind kind, int rowTokens)
      throws IOException {
    String url = attempt + "/steps/" + step + "/plan";
    var plan = RawHttp.exchange(server.port(), "GET", url, Map.of(), "");
    var groups = new TreeMap<String, Object>();
    Json.read(plan.text(), PlanAnswer.class)
        .rows()
        .forEach(
            (group, rows) -> {
              if (rows > 0) groups.put(group, ofGroup(kind, group, rows * rowTokens));
            });
    var post = new TreeMap<String, Object>(Map.of("kind", kind, "groups", groups));
    if (kind == FeedbackKind.ALIGNMENT) post.put("learningRate", 0.001);
    return Json.write(post);
  }

  private static Object ofGroup(FeedbackKind kind, String group, long tokens) {
    return switch (kind) {
      case TRAIN, EXCESS, DIFFERENCE, VALIDATION ->
          Map.of("lossSum", (group.equals("code") ? 0.5 : 2) * tokens, "tokens", tokens);
      case ALIGNMENT -> Map.of("alignment", Map.of("score", 1, "norm", 1));
    };
  }

  private String run(String mixer, String parameters) throws IOException {
    String spec =
        ServerFixture.SPEC.replace(
            "{\"name\": \"odm\"}",
            "{\"name\": \"%s\", \"parameters\": {%s}}".formatted(mixer, parameters));
    var answer = RawHttp.exchange(server.port(), "PUT", "/v1/runs/" + mixer, Map.of(), spec);
    assertEquals(201, answer.status(), answer.text());
    return server.openAttempt(mixer);
  }

  private RawHttp.Answer batch(String attempt, long step) throws IOException {
    String url = attempt + "/steps/" + step + "/batch?rank=0&wait=PT0S";
    return RawHttp.exchange(server.port(), "GET", url, Map.of(), "");
  }

  /** Of the safetensors body. */
  private JsonNode metadata(String attempt, long step) throws IOException {
    var answer = batch(attempt, step);
    assertEquals(200, answer.status(), answer.text());
    var body = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[Math.toIntExact(body.getLong())];
    body.get(header);
    return Json.tree(header).path("__metadata__");
  }

  /** Of the plan: code, prose. */
  private double[] p(String attempt, long step) throws IOException {
    batch(attempt, step);
    String url = attempt + "/steps/" + step + "/plan";
    var answer = RawHttp.exchange(server.port(), "GET", url, Map.of(), "");
    assertEquals(200, answer.status(), answer.text());
    JsonNode p = Json.tree(answer.body()).path("p");
    return new double[] {p.path("code").asDouble(), p.path("prose").asDouble()};
  }

  private void post(String attempt, long step, String body) throws IOException {
    String url = attempt + "/steps/" + step + "/feedback";
    var answer = RawHttp.exchange(server.port(), "POST", url, Map.of(), body);
    assertEquals(200, answer.status(), answer.text());
  }

  private static String losses(String kind, double prose, double code) {
    return losses(kind, prose, code, UNIT);
  }

  /** Mean losses, nats per token. */
  private static String losses(String kind, double prose, double code, double tokens) {
    return "{\"kind\": \"%s\", \"groups\": {\"prose\": {\"lossSum\": %s, \"tokens\": %d}, \"code\": {\"lossSum\": %s, \"tokens\": %d}}}"
        .formatted(kind, prose * tokens, (long) tokens, code * tokens, (long) tokens);
  }
}
