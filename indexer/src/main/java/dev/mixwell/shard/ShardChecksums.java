package dev.mixwell.shard;

import dev.mixwell.api.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The checksums of a shard's two files in one sidecar: the record of the {@code .bin}, then that of
 * the {@code .idx} ({@link BlockChecksums}). Immutable but for what was found whole.
 *
 * @param index null in sidecars of the first indexes, which have the first record only
 */
public record ShardChecksums(BlockChecksums tokens, @Nullable BlockChecksums index) {
  /** A page: of the {@code .idx}, a few bytes here and there are read. */
  private static final int INDEX_BLOCK_BYTES = 1 << 12;

  /**
   * Reads all of both files.
   *
   * @param blockBytes of the {@code .bin}
   */
  public static ShardChecksums compute(Path bin, int blockBytes) throws IOException {
    return new ShardChecksums(
        BlockChecksums.compute(bin, blockBytes),
        BlockChecksums.compute(Shard.indexPath(bin), INDEX_BLOCK_BYTES));
  }

  /**
   * @throws Refusal shard-damaged if the sidecar is cut or changed. One that was cut between its
   *     records is read; the manifest's digest finds it
   */
  public static ShardChecksums read(Path sidecar, Path bin) {
    ByteBuffer bytes = BlockChecksums.bytes(sidecar);
    var tokens = BlockChecksums.next(bytes, sidecar, bin);
    if (!bytes.hasRemaining()) return new ShardChecksums(tokens, null);
    var index = BlockChecksums.next(bytes, sidecar, Shard.indexPath(bin));
    BlockChecksums.requireEnd(bytes, sidecar);
    return new ShardChecksums(tokens, index);
  }

  /** Writes and forces the sidecar, which must not exist. */
  public void write(Path sidecar) throws IOException {
    if (index == null) tokens.write(sidecar);
    else BlockChecksums.write(sidecar, tokens.record(), index.record());
  }
}
