package dev.mixwell.shard;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checksums of a shard's files in one sidecar, a record each ({@link BlockChecksums}): of the
 * tokens, of the document table, and of the loss mask if there is one. Immutable but for what was
 * found whole.
 *
 * @param tokens of the file as it is read, decompressed
 */
public record ShardChecksums(
    BlockChecksums tokens, BlockChecksums documents, @Nullable BlockChecksums mask) {
  /** A page: of the document table, a few bytes here and there are read. */
  public static final int TABLE_BLOCK_BYTES = 1 << 12;

  /**
   * @throws Refusal shard-damaged if the sidecar is cut or changed. One that was cut between its
   *     records is read where it lacks a mask; the manifest's digest finds it
   */
  public static ShardChecksums read(
      Path sidecar, Path tokensFile, Path tableFile, @Nullable Path maskFile) {
    ByteBuffer bytes = BlockChecksums.bytes(sidecar);
    var tokens = BlockChecksums.next(bytes, sidecar, tokensFile);
    var documents = BlockChecksums.next(bytes, sidecar, tableFile);
    var mask = maskFile == null ? null : BlockChecksums.next(bytes, sidecar, maskFile);
    BlockChecksums.requireEnd(bytes, sidecar);
    return new ShardChecksums(tokens, documents, mask);
  }

  /** Writes and forces the sidecar, which must not exist. */
  public void write(Path sidecar) throws IOException {
    List<ByteBuffer> records = new ArrayList<>(List.of(tokens.record(), documents.record()));
    if (mask != null) records.add(mask.record());
    ForcedFiles.write(sidecar, records.toArray(ByteBuffer[]::new));
  }
}
