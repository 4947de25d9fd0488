package dev.mixwell.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that an index made and owns.
 *
 * @param name of a file directly in the index's directory
 * @param sha256 in hexadecimal
 */
public record IndexFile(String name, long lengthBytes, String sha256) {
  public IndexFile {
    if (name.contains("/") || name.contains("\\") || name.startsWith("."))
      throw new IllegalArgumentException("not the name of a file in the index: " + name);
  }

  /** Describes a file that is whole. */
  public static IndexFile of(Path file) throws IOException {
    return new IndexFile(String.valueOf(file.getFileName()), Files.size(file), Sha256.of(file));
  }

  public Path path(Path indexDir) {
    return indexDir.resolve(name);
  }
}
