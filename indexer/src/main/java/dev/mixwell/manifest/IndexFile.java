package dev.mixwell.manifest;

import dev.mixwell.base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file that an index made and owns.
 *
 * @param name relative to the index: of a file directly in it, or in the folder of a {@link
 *     Generation}
 * @param sha256 in hexadecimal
 */
public record IndexFile(String name, long lengthBytes, String sha256) {
  private static final Pattern NAME =
      Pattern.compile("(" + Generation.DIRECTORY + "/[0-9]{5}/)?[^/\\\\.][^/\\\\]*");

  public IndexFile {
    if (!NAME.matcher(name).matches())
      throw new IllegalArgumentException("not the name of a file in the index: " + name);
  }

  /** Describes a file that is whole. */
  public static IndexFile of(Path file) throws IOException {
    return new IndexFile(String.valueOf(file.getFileName()), Files.size(file), Sha256.of(file));
  }

  /** The same in the folder of a generation. */
  IndexFile below(String prefix) {
    return new IndexFile(prefix + name, lengthBytes, sha256);
  }

  public Path path(Path indexDir) {
    return indexDir.resolve(name);
  }
}
