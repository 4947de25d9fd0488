package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.base.Sha256;
import dev.mixwell.http.EventClient;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import dev.mixwell.run.Versioned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Data folders that servers of earlier commits have written, opened by this one: it answers what
 * they answered, and after the same posts it serves the same bytes. {@code
 * src/test/resources/recorded/README.md} says what the folders hold.
 */
class RecordedFoldersTest {
  private static final Path FOLDERS = Path.of("src/test/resources/recorded");
  private static final String HEARTBEAT_MILLIS = "200"; // a comment says that nothing more comes

  @TempDir Path directory;

  @AfterEach
  void theMixerOfTheTestsIsAsItWas() {
    Versioned.present = 1;
  }

  static Stream<Path> folders() throws IOException {
    try (var found = Files.list(FOLDERS)) {
      return found.filter(Files::isDirectory).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void aFolderOfAnEarlierCommitAnswersAndGoesOnAsItDid(Path recorded) throws IOException {
    unzip(recorded.resolve("folder.zip"), directory);
    var settings = Map.of("events.heartbeatMillis", HEARTBEAT_MILLIS);
    try (var server = ServerFixture.start(directory, settings)) {
      for (JsonNode run : lines(recorded.resolve("events.jsonl"))) compareEvents(server, run);
      for (JsonNode line : lines(recorded.resolve("answers.jsonl"))) compareAnswer(server, line);
      for (JsonNode line : lines(recorded.resolve("onward.jsonl"))) compareAnswer(server, line);
    }
  }

  @Test
  void aMixerOfAnotherVersionDecidesNothingUntilAnOperatorConfirms() throws IOException {
    byte[] before;
    String attempt;
    try (var server = ServerFixture.start(directory)) {
      String spec = ServerFixture.SPEC.replace("\"odm\"", "\"test-versioned\"");
      assertEquals(201, ask(server, "PUT", "/v1/runs/r", Map.of(), spec).status());
      attempt = server.openAttempt("r");
      RawHttp.Answer issued = batch(server, attempt, 3);
      assertEquals(200, issued.status(), issued.text());
      before = issued.body();
    }
    Versioned.present = 2;
    try (var server = ServerFixture.start(directory)) {
      assertArrayEquals(before, batch(server, attempt, 3).body());
      RawHttp.Answer refused = batch(server, attempt, 4);
      assertEquals(409, refused.status(), refused.text());
      JsonNode problem = Json.tree(refused.body());
      assertEquals("urn:mixwell:problem:mixer-version", problem.path("type").asText());
      assertEquals(1, problem.path("recordedVersion").asInt());
      assertEquals(2, problem.path("presentVersion").asInt());
      assertEquals(List.of("r"), standing(server));
      String swap =
          "{\"mixer\": {\"name\": \"test-versioned\"}, \"who\": \"ann\", \"why\": \"it is right\"}";
      assertEquals(
          200, ask(server, "PUT", "/v1/runs/r/mixer", Map.of("If-Match", "*"), swap).status());
      assertEquals(List.of(), standing(server));
      assertEquals(200, batch(server, attempt, 4).status());
      assertArrayEquals(before, batch(server, attempt, 3).body());
    }
  }

  /** The runs that health names. */
  private static List<String> standing(ServerFixture server) throws IOException {
    var health = ask(server, "GET", "/observe/health/ready", Map.of(), "");
    var runs = new ArrayList<String>();
    Json.tree(health.body()).path("standing").fieldNames().forEachRemaining(runs::add);
    return runs;
  }

  private static RawHttp.Answer batch(ServerFixture server, String attempt, long step)
      throws IOException {
    String path = attempt + "/steps/" + step + "/batch?rank=0&wait=PT0S";
    return ask(server, "GET", path, Map.of(), "");
  }

  private static RawHttp.Answer ask(
      ServerFixture server, String method, String path, Map<String, String> headers, String body)
      throws IOException {
    return RawHttp.exchange(server.port(), method, path, headers, body);
  }

  @ParameterizedTest
  @MethodSource("folders")
  void aRunThatIsCreatedAgainHasTheFilesItHad(Path recorded) throws IOException {
    unzip(recorded.resolve("folder.zip"), directory);
    try (var server = ServerFixture.start(directory)) {
      var run = RawHttp.exchange(server.port(), "GET", "/v1/runs/packed", Map.of(), "");
      String spec = Json.tree(run.body()).path("spec").toString();
      var made = RawHttp.exchange(server.port(), "PUT", "/v1/runs/again", Map.of(), spec);
      assertEquals(201, made.status(), made.text());
    }
    Path runs = directory.resolve("data/runs");
    try (var files = Files.list(runs.resolve("packed"))) {
      for (Path file : files.filter(f -> !f.toString().contains("timeline")).toList())
        assertEquals(
            -1,
            Files.mismatch(file, runs.resolve("again").resolve(file.getFileName())),
            file + " is made otherwise today");
    }
  }

  private static void compareEvents(ServerFixture server, JsonNode recorded) throws IOException {
    String path = recorded.path("path").asText();
    int index = 0;
    try (var client = EventClient.get(server.port(), path)) {
      for (var block = client.next(); block != null && !block.isComment(); block = client.next()) {
        if (block.data().isEmpty()) continue;
        JsonNode expected = recorded.path("events").path(index);
        String what = path + ", event " + index;
        assertFalse(expected.isMissingNode(), what + " was not recorded: " + block);
        assertEquals(expected.path("id").asText(), block.id(), what);
        assertEquals(expected.path("event").asText(), block.event(), what);
        compare(
            what, expected.path("data"), Json.tree(block.data().getBytes(StandardCharsets.UTF_8)));
        index++;
      }
    }
    assertEquals(recorded.path("events").size(), index, path);
  }

  private static void compareAnswer(ServerFixture server, JsonNode recorded) throws IOException {
    var headers = new HashMap<String, String>();
    if (recorded.has("accept")) headers.put("Accept", recorded.path("accept").asText());
    String method = recorded.path("method").asText();
    String path = recorded.path("path").asText();
    String body = recorded.has("body") ? recorded.path("body").toString() : "";
    String what = method + " " + path + " " + recorded.path("accept").asText() + " " + body;
    var answer = RawHttp.exchange(server.port(), method, path, headers, body);
    assertEquals(recorded.path("status").asInt(), answer.status(), () -> what + answer.text());
    if (recorded.has("etag"))
      assertEquals(recorded.path("etag").asText(), answer.header("etag"), what);
    if (recorded.has("sha256"))
      assertEquals(recorded.path("sha256").asText(), Sha256.of(answer.body()), what);
    if (recorded.has("json")) compare(what, recorded.path("json"), Json.tree(answer.body()));
  }

  /** Members that today's answer has besides are no difference. */
  private static void compare(String where, JsonNode expected, JsonNode actual) {
    assertEquals(expected.getNodeType(), actual.getNodeType(), () -> where + ": " + actual);
    if (expected.isObject()) {
      for (var member : expected.properties())
        compare(where + "/" + member.getKey(), member.getValue(), actual.path(member.getKey()));
      return;
    }
    if (!expected.isArray()) {
      assertEquals(expected, actual, where);
      return;
    }
    assertEquals(expected.size(), actual.size(), where);
    for (int i = 0; i < expected.size(); i++)
      compare(where + "/" + i, expected.get(i), actual.get(i));
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> Json.tree(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static void unzip(Path zip, Path folder) throws IOException {
    try (var entries = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry e = entries.getNextEntry(); e != null; e = entries.getNextEntry()) {
        Path file = folder.resolve(e.getName());
        Files.createDirectories(file.getParent());
        Files.copy(entries, file);
        Files.setLastModifiedTime(file, e.getLastModifiedTime()); // else the shards look changed
      }
    }
  }
}
