package dev.mixwell.format.reader;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixwell.base.Refusal;
import dev.mixwell.format.Format;
import dev.mixwell.format.Stated;
import dev.mixwell.shard.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An {@code index.json} of MDS and LitData that says anything at all. */
final class ListedShardsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> ANYTHING =
      List.of(
          "null",
          "-1",
          "1099511627776",
          "1e400",
          "\"\"",
          "\"a\\u0000b\"",
          "[]",
          "[null]",
          "{}",
          "{\"sha1\":null}",
          "true");

  @ParameterizedTest
  @ValueSource(strings = {"mds/columns", "mds/u16_fixed128", "mds/zstd", "litdata/zstd"})
  void everyMemberOfAnIndexMayBeAnything(String sample) throws IOException {
    Map<String, byte[]> files = files(sample);
    Format format = sample.startsWith("mds") ? new Mds() : new LitData();
    int tried = 0;
    for (String member : members(MAPPER.readTree(files.get("index.json")), ""))
      for (String value : ANYTHING) {
        Fuzzed.read(format, with(files, member, value), Stated.NOTHING);
        tried++;
      }
    assertTrue(tried > 100, "tried: " + tried);
  }

  /** No disk is filled for an index that says so. */
  @Test
  void aPlainLengthBeyondAllOffsetsIsRefusedBeforeAnythingIsDecompressed() throws IOException {
    requireRefusedUnread("mds/zstd", new Mds(), "/shards/0/raw_data/bytes");
    requireRefusedUnread("litdata/zstd", new LitData(), "/chunks/0/chunk_bytes");
  }

  private static void requireRefusedUnread(String sample, Format format, String member)
      throws IOException {
    Map<String, byte[]> files = with(files(sample), member, "1099511627776");
    Path folder = Files.createTempDirectory("mixwell-listed-");
    try (var data = new MemoryDataSet(folder, files)) {
      Refusal refusal =
          assertThrows(
              Refusal.class, () -> format.read(data, Stated.NOTHING, Fuzzed.checking(data)));
      assertTrue(refusal.detail().contains("32 bits"), refusal.detail());
      assertTrue(Files.notExists(folder.resolve("plain")), "it was decompressed");
    }
    Files.delete(folder);
  }

  private static Map<String, byte[]> files(String sample) throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    try (var list = Files.list(Samples.folder(sample))) {
      for (Path file : list.toList())
        files.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
    }
    return files;
  }

  private static List<String> members(JsonNode node, String at) {
    var found = new ArrayList<String>();
    if (!at.isEmpty()) found.add(at);
    for (var member : node.properties())
      found.addAll(members(member.getValue(), at + "/" + member.getKey()));
    if (node.isArray())
      for (int i = 0; i < node.size(); i++) found.addAll(members(node.get(i), at + "/" + i));
    return found;
  }

  private static Map<String, byte[]> with(Map<String, byte[]> files, String member, String value)
      throws IOException {
    JsonNode index = MAPPER.readTree(files.get("index.json"));
    int slash = member.lastIndexOf('/');
    String name = member.substring(slash + 1);
    switch (index.at(member.substring(0, slash))) {
      case ObjectNode object -> object.set(name, MAPPER.readTree(value));
      case ArrayNode array -> array.set(Integer.parseInt(name), MAPPER.readTree(value));
      case JsonNode other -> throw new IllegalStateException(other.toString());
    }
    var changed = new LinkedHashMap<>(files);
    changed.put("index.json", MAPPER.writeValueAsBytes(index));
    return changed;
  }
}
