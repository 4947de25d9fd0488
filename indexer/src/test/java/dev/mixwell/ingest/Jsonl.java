package dev.mixwell.ingest;

import dev.mixwell.manifest.FullText;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.tokenize.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Small inputs and outputs of an ingest. */
public final class Jsonl {
  private Jsonl() {}

  /** Indexes lines by bytes into {@code directory/index} and returns that directory. */
  public static Path index(Path directory, String... lines) {
    return index(directory, null, lines);
  }

  /** As {@link #index(Path, String...)}, with texts that can be searched. */
  public static Path index(Path directory, @Nullable FullText text, String... lines) {
    try {
      Files.createDirectories(directory);
      Path input = Files.write(directory.resolve("input.jsonl"), List.of(lines));
      Path output = directory.resolve("index");
      var spec = IngestSpec.of(List.of(input), output, Tokenizers.named("byte"));
      run(text == null ? spec : spec.withFullText(text));
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Manifest run(IngestSpec spec) throws IOException {
    try {
      return Ingest.run(spec, (_, _) -> {});
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every file under a directory with its bytes, Lucene's left out: they carry ids and dates. */
  static Map<String, byte[]> files(Path directory) throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (var entries = Files.list(directory)) {
      for (Path file : entries.filter(Files::isRegularFile).toList())
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
    }
    return files;
  }
}
