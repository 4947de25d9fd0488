package dev.mixwell.writing;

import dev.mixwell.catalog.CatalogWriter;
import dev.mixwell.manifest.RecordedShard;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.shard.ShardWriter;
import dev.mixwell.sidecar.Sidecar;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The shard that is being written. Owned by one thread. */
final class OpenShard implements AutoCloseable {
  /**
   * Bytes under one checksum. A row of 2,049 16-bit ids in a shard of 1 GiB (in the page cache), on
   * a busy machine of 2 cores, by {@code dev.mixwell.shard.BlockSizeMeasurement} in the tests:
   *
   * <pre>
   * block KiB                        4    16    32    64   128   256  1024
   * first touch of a row, p50 us   1.3   2.3   2.4   4.0   5.4  10.3  32.7
   * checksums for a GiB, KiB      1024   256   128    64    32    16     4
   * </pre>
   *
   * A pull costs 60 us and more, so 64 KiB is the largest block that eight cold rows do not double;
   * it keeps a tebibyte's checksums in 64 MiB of memory.
   */
  static final int BLOCK_BYTES = 1 << 16;

  private final Path bin;
  private final ShardWriter writer;
  private final PendingEntries entries;
  private final boolean keepsTexts;

  /**
   * @param keepsTexts whether the catalog is to have them
   */
  OpenShard(Path directory, int number, int vocabularySize, boolean keepsTexts) throws IOException {
    String name = "shard-%05d".formatted(number);
    this.bin = directory.resolve(name + ".bin");
    this.writer = new ShardWriter(bin, vocabularySize);
    this.keepsTexts = keepsTexts;
    this.entries = new PendingEntries(directory.resolve(name + ".pending"));
  }

  void append(EncodedDocument document) throws IOException {
    writer.append(document.tokens());
    if (keepsTexts) entries.addWithText(document);
    else entries.add(document);
  }

  long tokenCount() {
    return writer.tokenCount();
  }

  /** Completes the shard's files and gives its documents to the catalog. */
  ShardEntry finish(CatalogWriter catalog, int number, @Nullable Sidecar sidecar)
      throws IOException {
    writer.finish();
    ShardEntry entry =
        RecordedShard.written(
            bin, writer.type(), writer.tokenCount(), writer.documentCount(), BLOCK_BYTES);
    entries.drainTo(catalog, number, entry.file().sha256(), sidecar);
    return entry;
  }

  @Override
  public void close() throws IOException {
    try (writer) {
      entries.close();
    }
  }
}
