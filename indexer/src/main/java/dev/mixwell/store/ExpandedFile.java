package dev.mixwell.store;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.SourceFile;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.ShardBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A compressed shard, decompressed into the cache when it is first read and again whenever it was
 * evicted. Thread-safe.
 */
final class ExpandedFile implements ShardBytes {
  private final Stored stored;
  private final SourceFile recorded;
  private final BlockChecksums checksums;
  private final LocalCache cache;

  ExpandedFile(Stored stored, SourceFile recorded, BlockChecksums checksums, LocalCache cache) {
    this.stored = stored;
    this.recorded = recorded;
    this.checksums = checksums;
    this.cache = cache;
  }

  @Override
  public long sizeBytes() {
    return checksums.lengthBytes();
  }

  @Override
  public void checkLength() {
    stored.checkLength();
  }

  @Override
  public MemorySegment verified(long fromByte, long toByte) {
    var bytes = ByteBuffer.allocate(Math.toIntExact(toByte - fromByte));
    try {
      read(fromByte, toByte, bytes);
    } catch (Refusal damage) {
      if (damage.type() != ProblemType.SHARD_DAMAGED) throw damage;
      cache.drop(recorded.sha256()); // made again from its source, once
      read(fromByte, toByte, bytes.clear());
    }
    return MemorySegment.ofArray(bytes.array());
  }

  private void read(long fromByte, long toByte, ByteBuffer target) {
    cache.read(
        recorded.sha256(),
        sizeBytes(),
        this::expand,
        part -> {
          part.verify(checksums, 0, fromByte, toByte);
          part.read(fromByte, target);
          return target;
        });
  }

  @Override
  public void load(long fromByte, long toByte) {
    verified(fromByte, toByte);
  }

  private void expand(Path target) throws IOException {
    stored.expand(target, sizeBytes());
    requireBlocks(target);
  }

  private void requireBlocks(Path target) throws IOException {
    try (var channel = FileChannel.open(target, StandardOpenOption.READ)) {
      var block = ByteBuffer.allocate(checksums.blockBytes());
      for (int b = 0; b < checksums.blockCount(); b++) {
        block.clear();
        while (block.hasRemaining() && channel.read(block) >= 0) {}
        checksums.requireBlock(b, block.flip());
      }
    }
  }

  /** The cache is the store's. */
  @Override
  public void close() {}
}
