package dev.mixwell.adopt;

import dev.mixwell.compress.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The decompressed copy of the file that is being adopted, one at a time. Owned by one thread. */
final class PlainCopies implements AutoCloseable {
  private final Path folder;
  private @Nullable Path source;
  private @Nullable Path copy;

  /**
   * @param folder for copies; it is there
   */
  PlainCopies(Path folder) {
    this.folder = folder;
  }

  /** The file's plain bytes; the copy before is gone if it is of another file. */
  Path plain(Path stored, Compression compression, long plainBytes) throws IOException {
    Path made = copy;
    if (made != null && stored.equals(source)) return made;
    close();
    made = Files.createTempFile(folder, "plain-", ".part");
    copy = made;
    compression.expand(stored, made, plainBytes);
    source = stored;
    return made;
  }

  /** The plain bytes of a file that was asked for last. */
  Path last(Path stored) {
    Path made = copy;
    if (made == null || !stored.equals(source))
      throw new IllegalStateException("no plain copy of " + stored);
    return made;
  }

  @Override
  public void close() throws IOException {
    source = null;
    if (copy != null) Files.deleteIfExists(copy);
    copy = null;
  }
}
