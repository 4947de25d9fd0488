package dev.mixwell.store;

import dev.mixwell.shard.BlockChecksums;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A file of the cache. It is read, not mapped: what is evicted is gone at once, and nobody holds a
 * page of it. Reading is thread-safe; the rest belongs to the cache and its lock.
 */
public final class CachedPart {
  private final Path file;
  private final long sizeBytes;
  private final @Nullable BitSet verified; // blocks of the part; null: all were when it was made
  private @Nullable FileChannel channel;
  int readers;
  boolean isRemoved;

  private CachedPart(Path file, @Nullable BitSet verified) throws IOException {
    this.file = file;
    this.sizeBytes = Files.size(file);
    this.verified = verified;
  }

  /** One whose blocks were compared while it was made. */
  static CachedPart made(Path file) throws IOException {
    return new CachedPart(file, null);
  }

  /** One that an earlier server has left: its blocks are compared when they are first read. */
  static CachedPart takenOver(Path file) throws IOException {
    return new CachedPart(file, new BitSet());
  }

  Path file() {
    return file;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Fills the target with the bytes from {@code atByte} on. */
  public void read(long atByte, ByteBuffer target) throws IOException {
    FileChannel open = channel();
    for (long at = atByte; target.hasRemaining(); ) {
      int n = open.read(target, at);
      if (n < 0) throw new EOFException("%s ends at byte %,d".formatted(file, at));
      at += n;
    }
  }

  /**
   * Compares the blocks under [fromByte, toByte) that were never compared.
   *
   * @param firstBlock of the part, among those of its shard
   * @throws dev.mixwell.base.Refusal shard-damaged if one differs
   */
  public void verify(BlockChecksums checksums, int firstBlock, long fromByte, long toByte)
      throws IOException {
    BitSet seen = verified;
    if (seen == null || toByte <= fromByte) return;
    int blockBytes = checksums.blockBytes();
    for (int b = (int) (fromByte / blockBytes); b <= (toByte - 1) / blockBytes; b++) {
      synchronized (seen) {
        if (seen.get(b)) continue;
      }
      long at = (long) b * blockBytes;
      var block = ByteBuffer.allocate((int) Math.min(blockBytes, sizeBytes - at));
      read(at, block);
      checksums.requireBlock(firstBlock + b, block.flip());
      synchronized (seen) {
        seen.set(b);
      }
    }
  }

  private synchronized FileChannel channel() throws IOException {
    if (channel == null || !channel.isOpen()) // an interrupted reader has closed it
    channel = FileChannel.open(file, StandardOpenOption.READ);
    return channel;
  }

  synchronized void close() {
    try {
      if (channel != null) channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
