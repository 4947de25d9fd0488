package dev.mixwell.store;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.Sha256;
import dev.mixwell.catalog.SourceFile;
import dev.mixwell.compress.Compression;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.ShardBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A compressed shard, decompressed into the cache when it is first read and again whenever it was
 * evicted. Thread-safe.
 */
final class ExpandedFile implements ShardBytes {
  private final Path stored;
  private final SourceFile recorded;
  private final Compression compression;
  private final BlockChecksums checksums;
  private final LocalCache cache;

  ExpandedFile(
      Path stored,
      SourceFile recorded,
      Compression compression,
      BlockChecksums checksums,
      LocalCache cache) {
    this.stored = stored;
    this.recorded = recorded;
    this.compression = compression;
    this.checksums = checksums;
    this.cache = cache;
  }

  @Override
  public long sizeBytes() {
    return checksums.lengthBytes();
  }

  @Override
  public void checkLength() {
    long nowBytes;
    try {
      nowBytes = Files.size(stored);
    } catch (IOException e) {
      throw damaged("cannot be read (" + e.getMessage() + ")");
    }
    if (nowBytes != recorded.lengthBytes())
      throw damaged(
          "has %,d bytes, but %,d were indexed".formatted(nowBytes, recorded.lengthBytes()));
  }

  @Override
  public MemorySegment verified(long fromByte, long toByte) {
    var bytes = ByteBuffer.allocate(Math.toIntExact(toByte - fromByte));
    try {
      read(fromByte, toByte, bytes);
    } catch (Refusal damage) {
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
    checkLength();
    if (!Sha256.of(stored).equals(recorded.sha256()))
      throw damaged("has another SHA-256 than was indexed");
    compression.expand(stored, target, sizeBytes());
    try (var channel = FileChannel.open(target, StandardOpenOption.READ)) {
      var block = ByteBuffer.allocate(checksums.blockBytes());
      for (int b = 0; b < checksums.blockCount(); b++) {
        block.clear();
        while (block.hasRemaining() && channel.read(block) >= 0) {}
        checksums.requireBlock(b, block.flip());
      }
    }
  }

  private Refusal damaged(String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard file %s %s. Restore it, or adopt it again.".formatted(stored, what))
        .with("shard", stored.toString());
  }

  /** The cache is the store's. */
  @Override
  public void close() {}
}
