package dev.mixwell.group;

import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.Shard;

/**
 * A mapped shard and what its bytes were when it was indexed. Thread-safe.
 *
 * @param name the file's name in the manifest
 */
public record VerifiedShard(String name, Shard shard, BlockChecksums checksums) {
  /**
   * Reads every block of these tokens that was never read before against its checksum.
   *
   * @throws dev.mixwell.api.Refusal shard-damaged, naming the block
   */
  public void verify(long startToken, long lengthTokens) {
    long sizeBytes = shard.type().sizeBytes();
    checksums.verify(
        shard.tokens(), startToken * sizeBytes, (startToken + lengthTokens) * sizeBytes);
  }
}
