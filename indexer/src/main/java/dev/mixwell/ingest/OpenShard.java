package dev.mixwell.ingest;

import dev.mixwell.catalog.CatalogWriter;
import dev.mixwell.catalog.Sha256;
import dev.mixwell.catalog.ShardEntry;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.ShardWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shard that is being written. Owned by one thread. */
final class OpenShard implements AutoCloseable {
  /**
   * Bytes under one checksum. Measured by {@code BlockSizeMeasurement} (see the table there): a
   * row's first touch of cold blocks grows with the block, the sidecar shrinks with it.
   */
  static final int BLOCK_BYTES = 1 << 16;

  private final Path bin;
  private final Path sidecar;
  private final ShardWriter writer;
  private final PendingEntries entries;

  OpenShard(Path directory, int number, int vocabularySize) throws IOException {
    String name = "shard-%05d".formatted(number);
    this.bin = directory.resolve(name + ".bin");
    this.sidecar = directory.resolve(name + ".crc");
    this.writer = new ShardWriter(bin, vocabularySize);
    this.entries = new PendingEntries(directory.resolve(name + ".pending"), number);
  }

  void append(EncodedDocument document) throws IOException {
    writer.append(document.tokens());
    entries.add(document);
  }

  long tokenCount() {
    return writer.tokenCount();
  }

  /** Completes the shard's files and gives its documents to the catalog. */
  ShardEntry finish(CatalogWriter catalog) throws IOException {
    writer.finish();
    BlockChecksums.compute(bin, BLOCK_BYTES).write(sidecar);
    String sha256 = Sha256.of(bin);
    entries.drainTo(catalog, sha256);
    Path idx = Shard.indexPath(bin);
    return new ShardEntry(
        name(bin),
        writer.tokenCount(),
        writer.documentCount(),
        Files.size(bin),
        sha256,
        name(idx),
        Files.size(idx),
        Sha256.of(idx),
        name(sidecar),
        Sha256.of(sidecar));
  }

  @Override
  public void close() throws IOException {
    try (writer) {
      entries.close();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
