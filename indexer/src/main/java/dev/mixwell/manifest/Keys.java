package dev.mixwell.manifest;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.Json;
import dev.mixwell.base.Nearest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metadata keys of an index, counted while it was made, in the order of their names.
 *
 * @param text how texts can be searched; null if they cannot
 */
public record Keys(List<KeyStatistics> keys, @Nullable FullText text) {
  static final String FILE = "keys.json";

  public Keys {
    keys = List.copyOf(keys);
  }

  /**
   * The key of this name.
   *
   * @throws Refusal invalid-query, naming the nearest key
   */
  public KeyStatistics key(String name) {
    for (KeyStatistics key : keys) if (key.name().equals(name)) return key;
    throw new Refusal(
        ProblemType.INVALID_QUERY,
        keys.isEmpty()
            ? "There is no key \"%s\": the documents have no metadata.".formatted(name)
            : "There is no key \"%s\"; the nearest is \"%s\".".formatted(name, nearest(name)));
  }

  public boolean has(String name) {
    return keys.stream().anyMatch(key -> key.name().equals(name));
  }

  String nearest(String name) {
    return keys.isEmpty() ? "" : Nearest.of(name, keys.stream().map(KeyStatistics::name).toList());
  }

  /** Writes the file and returns its digest. */
  public String write(Path indexDir) throws IOException {
    byte[] bytes = (Json.write(this) + "\n").getBytes(StandardCharsets.UTF_8);
    ForcedFiles.write(indexDir.resolve(FILE), bytes);
    return Sha256.of(bytes);
  }

  /**
   * @throws Refusal index-damaged if the digest differs
   */
  public static Keys read(Path indexDir, String expectedSha256) {
    Path file = indexDir.resolve(FILE);
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (!Sha256.of(bytes).equals(expectedSha256))
        throw Manifest.damaged(file, "its SHA-256 is not the one in the manifest");
      return Json.readWritten(bytes, Keys.class);
    } catch (IOException e) {
      throw Manifest.damaged(file, "it cannot be read (" + IoReason.of(e) + ")");
    }
  }
}
