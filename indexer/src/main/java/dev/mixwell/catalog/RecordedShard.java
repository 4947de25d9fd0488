package dev.mixwell.catalog;

import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.ShardChecksums;
import dev.mixwell.shard.ShardWriter;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.file.Path;

/** Writes down what a shard's files are when it comes into an index, reading each once. */
public final class RecordedShard {
  private RecordedShard() {}

  /**
   * Records a shard that a {@link ShardWriter} has finished in the index: writes {@code NAME.crc}
   * beside it.
   *
   * @param blockBytes bytes under one checksum
   */
  public static ShardEntry written(
      Path bin, TokenType type, long tokens, long documents, int blockBytes) throws IOException {
    var digest = Sha256.digest();
    var tokenBlocks = BlockChecksums.compute(bin, blockBytes, digest::update);
    Path table = ShardWriter.tablePath(bin);
    Path sidecar = checksumsPath(table);
    var tableBlocks = BlockChecksums.compute(table, ShardChecksums.TABLE_BLOCK_BYTES);
    new ShardChecksums(tokenBlocks, tableBlocks, null).write(sidecar);
    String name = String.valueOf(bin.getFileName());
    return new ShardEntry(
        new SourceFile(name, null, tokenBlocks.lengthBytes(), Sha256.hex(digest.digest())),
        type,
        tokens,
        documents,
        null,
        IndexFile.of(table),
        IndexFile.of(sidecar),
        IndexFile.of(ShardWriter.indexPath(bin)));
  }

  /** Where the checksums of the shard with a document table {@code NAME.docs} lie. */
  public static Path checksumsPath(Path table) {
    String name = String.valueOf(table.getFileName());
    return table.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".crc");
  }
}
