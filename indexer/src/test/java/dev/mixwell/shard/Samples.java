package dev.mixwell.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that the formats' original writers made, and damaged copies of them. */
public final class Samples {
  private static final Path ROOT = root();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Samples() {}

  /** A sample's folder, such as {@code megatron/uint16} or {@code broken/jsonl_not_json}. */
  public static Path folder(String name) {
    return ROOT.resolve(name);
  }

  /** The file of a sample folder with this ending; there must be one. */
  public static Path file(String folder, String ending) {
    return files(folder).stream()
        .filter(f -> f.toString().endsWith(ending))
        .findFirst()
        .orElseThrow();
  }

  /** A sample's data files in the order of their names. */
  public static List<Path> files(String folder) {
    try (var files = Files.list(folder(folder))) {
      return files.filter(f -> !f.endsWith("expected.json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonNode expected(String folder) throws IOException {
    return MAPPER.readTree(folder(folder).resolve("expected.json").toFile());
  }

  /** What the original reader finds in a tokenized sample. */
  public static List<int[]> documents(String folder) throws IOException {
    var documents = new ArrayList<int[]>();
    for (JsonNode document : expected(folder).get("documents"))
      documents.add(MAPPER.convertValue(document, int[].class));
    return documents;
  }

  private static Path root() {
    try {
      var marker = Samples.class.getResource("/samples.md");
      return Path.of(marker.toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
