package dev.mixwell.cli.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --json}: one object on standard output, whatever else there is to say. */
final class IndexJsonTest {
  @TempDir Path directory;
  private Path input;
  private Path index;

  @BeforeEach
  void writeInput() throws IOException {
    input =
        Files.write(
            directory.resolve("in.jsonl"),
            List.of(
                "{\"id\":\"a\",\"text\":\"hello\",\"group\":\"code\",\"n\":3}",
                "{\"id\":\"b\",\"text\":\"wide\",\"group\":\"web\"}"));
    index = directory.resolve("index");
  }

  private static JsonNode json(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    assertEquals(0, Indexing.run(out, err, arguments), err.toString());
    return Json.tree(out.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsMadeAndAdded() throws IOException {
    Path rows = Files.writeString(directory.resolve("rows.jsonl"), "{\"id\":\"a\",\"s\":1}\n");
    JsonNode made = json(input, "--out", index, "--metadata", rows, "--text", "--json");
    assertEquals(index.toString(), made.path("index").asText());
    assertEquals(1, made.path("generation").asInt());
    assertEquals(2, made.path("documents").asInt());
    assertEquals(11, made.path("tokens").asInt());
    assertEquals(1, made.path("shards").asInt());
    assertEquals(64, made.path("manifest").asText().length());
    assertTrue(made.path("catalog").path("bytes").asLong() > 0);
    assertEquals(9, made.path("catalog").path("textBytes").asLong());
    assertEquals(1, made.path("metadata").path("documentsWithoutRow").asInt());
    JsonNode added = json("adopt", input, "--out", index, "--add", "--tokenizer", "byte", "--json");
    assertEquals(2, added.path("generation").asInt());
    assertEquals(4, added.path("documents").asInt());
  }

  @Test
  void whatItHolds() {
    json(input, "--out", index, "--json");
    JsonNode keys = json("stats", index, "--json");
    assertEquals(2, keys.path("documents").asInt());
    assertEquals("group", keys.path("keys").path(0).path("name").asText());
    assertEquals("3", keys.path("keys").path(1).path("numbers").path("least").asText());
    JsonNode key = json("stats", index, "--key", "group", "--json").path("key");
    assertEquals(2, key.path("different").asInt());
    assertEquals("code", key.path("values").path(0).path("value").asText());
    JsonNode shard = json("shards", index, "--json").path("shards").path(0);
    assertEquals(2, shard.path("documents").asInt());
    assertEquals(false, shard.path("hasMask").asBoolean(true));
    JsonNode whole = json("verify", index, "--json").path("whole");
    assertEquals(1, whole.size());
    assertEquals(11, whole.path(0).path("tokens").asInt());
  }

  @Test
  void verifyingSaysHowFarItIs() {
    json(input, "--out", index, "--json");
    var err = new StringWriter();
    assertEquals(0, Indexing.run(new StringWriter(), err, "verify", index));
    assertTrue(err.toString().startsWith("verify: 100 %, "), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @Test
  void whatChanges() {
    json(input, "--out", index, "--json");
    JsonNode tagged = json("tag", "--index", index, "--set", "licence=cc0", "--json");
    assertEquals(2, tagged.path("generation").asInt());
    json("adopt", input, "--out", index, "--add", "--tokenizer", "byte", "--json");
    String name = json("shards", index, "--json").path("shards").path(1).path("name").asText();
    assertEquals(4, json("remove", name, "--index", index, "--json").path("generation").asInt());
    JsonNode all = json("generations", index, "--json").path("generations");
    assertEquals(4, all.size());
    assertEquals("tagged", all.path(1).path("change").asText());
    assertEquals(tagged.path("manifest"), all.path(1).path("manifest"));
  }
}
