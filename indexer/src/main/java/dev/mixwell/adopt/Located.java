package dev.mixwell.adopt;

import dev.mixwell.manifest.RecordedShard;
import java.io.IOException;
import java.nio.file.Files;

/**
 * A file of a data set, and how the manifest calls it.
 *
 * @param plainBytes decompressed
 */
record Located(RecordedShard.Source source, long plainBytes) {
  static Located of(RecordedShard.Source source) throws IOException {
    return new Located(source, Files.size(source.plain()));
  }

  String location() {
    return source.location();
  }
}
