package dev.mixwell.adopt;

import dev.mixwell.compress.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decompressed copies of the files that are being adopted. Owned by one thread. Two are kept: a
 * reader has gone on to the next file before the one before is recorded.
 */
final class PlainCopies implements AutoCloseable {
  private static final int KEPT = 2;

  private final Path folder;
  private final Map<Path, Path> copies = new LinkedHashMap<>();

  /**
   * @param folder for copies; it is there
   */
  PlainCopies(Path folder) {
    this.folder = folder;
  }

  /** The file's plain bytes. */
  Path plain(Path stored, Compression compression, long plainBytes) throws IOException {
    Path known = copies.get(stored);
    if (known != null) return known;
    if (copies.size() == KEPT) remove(copies.keySet().iterator().next());
    Path copy = Files.createTempFile(folder, "plain-", ".part");
    copies.put(stored, copy);
    compression.expand(stored, copy, plainBytes);
    return copy;
  }

  /** The plain bytes of a file that was asked for before. */
  Path known(Path stored) {
    Path copy = copies.get(stored);
    if (copy == null) throw new IllegalStateException("no plain copy of " + stored);
    return copy;
  }

  private void remove(Path stored) throws IOException {
    Path copy = copies.remove(stored);
    if (copy != null) Files.deleteIfExists(copy);
  }

  @Override
  public void close() throws IOException {
    while (!copies.isEmpty()) remove(copies.keySet().iterator().next());
  }
}
