package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index holds, over HTTP. */
class SearchTest {
  @TempDir Path directory;

  @Test
  void searchCountsAndPagesInTheOrderOfTheIndex() throws IOException {
    try (var server = ServerFixture.start(directory)) {
      JsonNode found = get(server, "/v1/catalog/search?q=tag:code&limit=2&offset=3");
      assertEquals(200, found.path("documents").asLong());
      assertFalse(found.path("atLeast").asBoolean());
      assertEquals(2, found.path("page").size());
      JsonNode first = found.path("page").path(0);
      assertEquals("d7", first.path("id").asText());
      assertEquals(7, first.path("ordinal").asLong());
      assertEquals("shard-00000.bin", first.path("shard").asText());
      assertEquals("code", first.path("metadata").path("tag").path(0).asText());
      assertEquals("d9", found.path("page").path(1).path("id").asText());
      JsonNode all = get(server, "/v1/catalog/search?q=*:*&limit=0");
      JsonNode prose = get(server, "/v1/catalog/search?q=tag:prose&limit=0");
      assertEquals(400, all.path("documents").asLong());
      assertEquals(
          all.path("tokens").asLong(),
          found.path("tokens").asLong() + prose.path("tokens").asLong());
    }
  }

  @Test
  void nothingFoundIsAnAnswer() throws IOException {
    try (var server = ServerFixture.start(directory)) {
      JsonNode none = get(server, "/v1/catalog/search?q=tag:cobol");
      assertEquals(0, none.path("documents").asLong());
      assertEquals(0, none.path("page").size());
    }
  }

  @Test
  void groupsSayHowOftenTheyWereUsedUp() throws IOException {
    try (var server = ServerFixture.start(directory)) {
      server.createRun("r");
      JsonNode before = get(server, "/v1/groups").path("runs").path(0);
      assertEquals("r", before.path("run").asText());
      assertEquals("tag:prose", before.path("groups").path(0).path("query").asText());
      assertEquals(0, before.path("epochs").path(0).asDouble());
      String attempt = server.openAttempt("r");
      RawHttp.exchange(server.port(), "GET", attempt + "/steps/0/batch?rank=0", Map.of(), "");
      JsonNode after = get(server, "/v1/groups").path("runs").path(0);
      assertTrue(after.path("epochs").path(0).asDouble() > 0, after.toString());
      assertEquals(2, after.path("epochs").size());
    }
  }

  private static JsonNode get(ServerFixture server, String path) throws IOException {
    var answer = RawHttp.exchange(server.port(), "GET", path, Map.of(), "");
    assertEquals(200, answer.status(), answer.text());
    return Json.tree(answer.body());
  }
}
