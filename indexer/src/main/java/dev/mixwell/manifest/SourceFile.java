package dev.mixwell.manifest;

import dev.mixwell.compress.Compression;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that an index reads and may not own.
 *
 * @param location a path relative to the index, an absolute one, or the URI of an object
 * @param compression of the whole file; null for none
 * @param lengthBytes as it lies there
 * @param sha256 of the bytes as they lie there, in hexadecimal
 */
public record SourceFile(
    String location, @Nullable Compression compression, long lengthBytes, String sha256) {
  private static final String SCHEME_END = "://";

  /** Whether it lies in an object store. */
  public boolean inObjectStore() {
    return location.contains(SCHEME_END);
  }

  /** Where it lies if it is a file here. */
  public Path path(Path indexDir) {
    return indexDir.resolve(location).normalize();
  }
}
