package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.EventType;
import dev.mixwell.base.Json;
import dev.mixwell.http.EventClient;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import dev.mixwell.http.Traffic;
import dev.mixwell.proof.Proof;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of events over HTTP, from a real server with a run that goes on. */
class EventsTest {
  private static final Map<String, String> QUICK =
      Map.of("events.heartbeatMillis", "20", "events.retryMillis", "5");

  @TempDir Path directory;

  @Test
  void whoeverComesBackWithTheLastIdSeesEveryEntryOnce() throws IOException {
    var restless =
        Map.of(
            "events.heartbeatMillis", "10", "events.retryMillis", "5", "events.maxMillis", "200");
    try (var fixture = ServerFixture.start(directory, restless);
        var proof = new Proof("events", 8, 400)) {
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> everyEntryOnce(fixture, seed));
    }
  }

  private void everyEntryOnce(ServerFixture fixture, int seed) throws Exception {
    var random = new SplittableRandom(seed);
    String run = "run-" + seed;
    fixture.createRun(run);
    var traffic = new Traffic(fixture, run, random.split());
    var going = CompletableFuture.runAsync(traffic, Thread::startVirtualThread);
    boolean isAll = random.nextBoolean();
    Set<EventType> types = isAll ? Set.of(EventType.values()) : EventType.usual();
    String target = "/v1/runs/" + run + "/events?after=-1" + (isAll ? "&types=" + ALL : "");
    var seen = new ArrayList<String>();
    String lastId = "";
    while (seen.isEmpty() || !seen.getLast().endsWith(" run-finished")) {
      Map<String, String> headers = lastId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastId);
      try (var client = new EventClient(fixture.port(), "GET", target, headers, "")) {
        assertEquals(200, client.status());
        int cut = random.nextInt(30);
        for (int i = 0; i <= cut; i++) {
          EventClient.Block block = client.next();
          if (block == null) break;
          if (!block.id().isEmpty()) lastId = block.id();
          if (!block.event().isEmpty()) seen.add(block.id() + " " + block.event());
        }
      }
    }
    going.join();
    assertEquals(entries(run, types), seen);
  }

  private static final String ALL =
      String.join(",", List.of(EventType.values()).stream().map(EventType::slug).toList());

  /** What the timeline's file says of a run. */
  private List<String> entries(String run, Set<EventType> types) {
    var lines = new ArrayList<String>();
    Path file = directory.resolve("data").resolve("runs").resolve(run).resolve("timeline.db");
    try (var store = SqliteTimelineStore.open(file)) {
      for (Entry entry : store.read(0, Long.MAX_VALUE)) {
        String type = Json.toTree(entry.event()).path("type").asText();
        if (types.containsAll(EventType.of(type))) lines.add(entry.sequence() + " " + type);
      }
    }
    return lines;
  }

  @Test
  void aStreamWithoutAnIdBeginsWithWhatComesNext() throws IOException {
    try (var fixture = ServerFixture.start(directory, QUICK)) {
      fixture.createRun("r");
      fixture.openAttempt("r");
      try (var client = EventClient.get(fixture.port(), "/v1/runs/r/events")) {
        EventClient.Block hello = client.next();
        assertNotNull(hello);
        assertEquals("5", hello.retry());
        assertEquals("1", hello.id());
        override(fixture, "r", "first");
        EventClient.Block event = client.nextEvent();
        assertNotNull(event);
        assertEquals("2", event.id());
        assertEquals("override-set", event.event());
        JsonNode data = Json.tree(event.data().getBytes(StandardCharsets.UTF_8));
        assertEquals("ada", data.path("who").asText());
        assertEquals("first", data.path("why").asText());
        assertEquals(2, data.path("operation").asLong());
      }
    }
  }

  @Test
  void aClosedStepTellsWhatItDecided() throws IOException {
    try (var fixture = ServerFixture.start(directory, QUICK)) {
      fixture.createRun("r");
      String attempt = fixture.openAttempt("r");
      try (var client = EventClient.get(fixture.port(), "/v1/runs/r/events?types=step-closed")) {
        assertNotNull(client.next());
        send(fixture, 200, "GET", attempt + "/steps/0/batch?rank=0", "");
        send(fixture, 200, "POST", attempt + "/steps/0/feedback", Traffic.FEEDBACK);
        EventClient.Block event = client.nextEvent();
        assertNotNull(event);
        JsonNode data = Json.tree(event.data().getBytes(StandardCharsets.UTF_8));
        assertEquals(0, data.path("step").asLong());
        assertEquals(4, data.path("decides").asLong());
        assertEquals("odm", data.path("mixer").path("name").asText());
        assertEquals(-1, data.path("mixer").path("operation").asLong());
        var plan = send(fixture, 200, "GET", attempt + "/steps/4/batch?rank=0&wait=PT10S", "");
        assertEquals(200, plan.status());
        var decided = send(fixture, 200, "GET", attempt + "/steps/4/plan", "");
        assertEquals(Json.tree(decided.body()).path("p"), data.path("p"));
      }
    }
  }

  @Test
  void theMixturesHistorySaysWhoChangedItAndWhy() throws IOException {
    try (var fixture = ServerFixture.start(directory, QUICK)) {
      fixture.createRun("r");
      override(fixture, "r", "nobody saw this");
      override(fixture, "r", "keep some code");
      String attempt = fixture.openAttempt("r");
      send(fixture, 200, "GET", attempt + "/steps/0/batch?rank=0", "");
      String skip = "{\"atStep\": %d, \"steps\": 2, \"who\": \"bob\", \"why\": \"a spike\"}";
      send(fixture, 200, "POST", "/v1/runs/r/skips", skip.formatted(4));
      send(fixture, 200, "POST", "/v1/runs/r/skips", skip.formatted(5));
      String history = "/v1/runs/r/mixture/history?from=";
      assertEquals(
          List.of("run: created with the run", "ada: keep some code"),
          reasons(send(fixture, 200, "GET", history + 0, "")));
      send(fixture, 200, "POST", attempt + "/steps/0/feedback", Traffic.FEEDBACK);
      send(fixture, 200, "GET", attempt + "/steps/4/batch?rank=0&wait=PT10S", "");
      assertEquals(
          List.of("run: created with the run", "ada: keep some code", "bob: a spike"),
          reasons(send(fixture, 200, "GET", history + 2, "")));
    }
  }

  private static List<String> reasons(RawHttp.Answer answer) {
    var reasons = new ArrayList<String>();
    for (JsonNode operation : Json.tree(answer.body()).path("operations"))
      reasons.add(operation.path("who").asText() + ": " + operation.path("why").asText());
    return reasons;
  }

  @Test
  void commentsKeepASilentStreamOpenAndCarryTheIdReached() throws IOException {
    try (var fixture = ServerFixture.start(directory, QUICK)) {
      fixture.createRun("r");
      try (var client = EventClient.get(fixture.port(), "/v1/runs/r/events?types=run-finished")) {
        assertNotNull(client.next());
        fixture.openAttempt("r");
        EventClient.Block block = client.next();
        while (block != null && !block.id().equals("1")) {
          assertTrue(block.isComment());
          block = client.next();
        }
        assertNotNull(block);
      }
    }
  }

  @Test
  void aFinishedRunEndsItsStreamsAndSendsNobodyBack() throws IOException {
    try (var fixture = ServerFixture.start(directory, QUICK)) {
      fixture.createRun("r");
      try (var client = EventClient.get(fixture.port(), "/v1/runs/r/events?types=issued")) {
        send(fixture, 200, "DELETE", "/v1/runs/r?who=ada&why=done", "");
        assertNull(client.nextEvent());
      }
      for (String past : List.of("/v1/runs/r/events", "/v1/runs/r/events?after=1"))
        assertEquals(204, send(fixture, 204, "GET", past, "").status());
      var all = send(fixture, 200, "GET", "/v1/runs/r/events?after=-1", "");
      assertTrue(all.text().contains("event: run-finished"), all.text());
      assertEquals("text/event-stream", all.header("content-type"));
      assertFalse(all.headers().containsKey("x-end"));
    }
  }

  @Test
  void streamsAreLimitedAndADeadClientGivesItsPlaceBack() throws IOException {
    var one = Map.of("events.maxStreams", "1", "events.heartbeatMillis", "10");
    try (var fixture = ServerFixture.start(directory, one)) {
      fixture.createRun("r");
      try (var client = EventClient.get(fixture.port(), "/v1/runs/r/events")) {
        assertNotNull(client.next());
        var refused = send(fixture, 429, "GET", "/v1/runs/r/events", "");
        JsonNode problem = Json.tree(refused.body());
        assertEquals("urn:mixwell:problem:too-many-requests", problem.path("type").asText());
        assertEquals(1, problem.path("maxStreams").asInt());
        assertEquals("1", refused.header("retry-after"));
        var metrics = send(fixture, 200, "GET", "/observe/metrics", "").text();
        assertTrue(metrics.contains("mixwell_event_streams 1.0"), metrics);
      }
      int status = 429;
      while (status == 429)
        try (var next = EventClient.get(fixture.port(), "/v1/runs/r/events")) {
          status = next.status();
        }
      assertEquals(200, status);
      var metrics = send(fixture, 200, "GET", "/observe/metrics", "").text();
      assertTrue(metrics.contains("mixwell_problems_internal_total 0.0"), metrics);
    }
  }

  @Test
  void aServerThatStopsEndsItsStreamsWell() throws IOException {
    var fixture = ServerFixture.start(directory);
    fixture.createRun("r");
    try (var client = EventClient.get(fixture.port(), "/v1/runs/r/events")) {
      assertNotNull(client.next());
      fixture.close();
      assertNull(client.next());
    }
  }

  @Test
  void aStreamEndsAfterItsTime() throws IOException {
    try (var fixture = ServerFixture.start(directory, Map.of("events.maxMillis", "30"))) {
      fixture.createRun("r");
      try (var client = EventClient.get(fixture.port(), "/v1/runs/r/events?after=-1")) {
        assertNotNull(client.nextEvent());
        assertNull(client.nextEvent());
      }
    }
  }

  @Test
  void whatCannotBeFollowedIsAProblem() throws IOException {
    try (var fixture = ServerFixture.start(directory, QUICK)) {
      fixture.createRun("r");
      for (String query :
          List.of("after=1", "after=-2", "after=x", "after=", "types=", "types=step-close"))
        send(fixture, 400, "GET", "/v1/runs/r/events?" + query, "");
      assertTrue(
          send(fixture, 400, "GET", "/v1/runs/r/events?types=step-close", "")
              .text()
              .contains("`step-closed`"));
      send(fixture, 404, "GET", "/v1/runs/none/events", "");
      var other =
          RawHttp.exchange(
              fixture.port(), "GET", "/v1/runs/r/events", Map.of("Accept", "image/png"), "");
      assertEquals(406, other.status());
      var beyond =
          RawHttp.exchange(
              fixture.port(), "GET", "/v1/runs/r/events", Map.of("Last-Event-ID", "7"), "");
      assertEquals(400, beyond.status());
      assertTrue(beyond.text().contains("Last-Event-ID"));
    }
  }

  private static void override(ServerFixture fixture, String run, String why) throws IOException {
    String body =
        "{\"clamps\": {\"code\": {\"min\": 0.1, \"max\": 0.6}}, \"who\": \"ada\", \"why\": \"%s\"}";
    send(fixture, 200, "PUT", "/v1/runs/" + run + "/overrides", body.formatted(why));
  }

  private static RawHttp.Answer send(
      ServerFixture fixture, int status, String method, String target, String body)
      throws IOException {
    var answer = RawHttp.exchange(fixture.port(), method, target, Map.of(), body);
    assertEquals(status, answer.status(), answer.text());
    return answer;
  }
}
