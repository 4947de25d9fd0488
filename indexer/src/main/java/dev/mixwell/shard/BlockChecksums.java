package dev.mixwell.shard;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.zip.CRC32C;

/**
 * CRC32C of each block of a shard's tokens, checked when a block is first read. Thread-safe; a
 * block that has been found whole costs one load from then on.
 *
 * <p>The sidecar file, little-endian:
 *
 * <pre>
 * offset    size  what
 * 0         8     "MXWLCRC1"
 * 8         4     block size in bytes
 * 12        8     length of the .bin in bytes
 * 20        4 n   CRC32C of each block; the last block may be short
 * 20 + 4 n  4     CRC32C of all bytes before
 * </pre>
 */
public final class BlockChecksums {
  private static final byte[] MAGIC = {'M', 'X', 'W', 'L', 'C', 'R', 'C', '1'};
  private static final int HEADER_BYTES = MAGIC.length + Integer.BYTES + Long.BYTES;
  private static final int BLOCKS_PER_WORD_LOG2 = 6;

  private final Path bin;
  private final int blockBytes;
  private final long lengthBytes;
  private final int[] checksums;
  private final AtomicLongArray verified; // a bit a block

  private BlockChecksums(Path bin, int blockBytes, long lengthBytes, int[] checksums) {
    this.bin = bin;
    this.blockBytes = blockBytes;
    this.lengthBytes = lengthBytes;
    this.checksums = checksums;
    this.verified = new AtomicLongArray((checksums.length >> BLOCKS_PER_WORD_LOG2) + 1);
  }

  /** Reads all of a {@code .bin}. */
  public static BlockChecksums compute(Path bin, int blockBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(bin, StandardOpenOption.READ)) {
      long lengthBytes = channel.size();
      int[] checksums = new int[blockCount(lengthBytes, blockBytes)];
      ByteBuffer block = ByteBuffer.allocateDirect(blockBytes);
      for (int i = 0; i < checksums.length; i++) {
        block.clear();
        while (block.hasRemaining() && channel.read(block) >= 0) {}
        checksums[i] = crc(block.flip());
      }
      return new BlockChecksums(bin, blockBytes, lengthBytes, checksums);
    }
  }

  /**
   * Reads a sidecar.
   *
   * @param bin the tokens that it is about
   * @throws Refusal shard-damaged if the sidecar is cut or changed
   */
  public static BlockChecksums read(Path sidecar, Path bin) {
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Files.readAllBytes(sidecar)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw damaged(sidecar, "it cannot be read (" + e.getMessage() + ")");
    }
    int endBytes = bytes.limit() - Integer.BYTES;
    if (endBytes < HEADER_BYTES
        || !Arrays.equals(bytes.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length))
      throw damaged(sidecar, "it does not begin with MXWLCRC1 and its header");
    if (crc(bytes.slice(0, endBytes)) != bytes.getInt(endBytes))
      throw damaged(sidecar, "its own checksum differs");
    int blockBytes = bytes.getInt(MAGIC.length);
    long lengthBytes = bytes.getLong(MAGIC.length + Integer.BYTES);
    int[] checksums = new int[(endBytes - HEADER_BYTES) / Integer.BYTES];
    bytes.position(HEADER_BYTES);
    for (int i = 0; i < checksums.length; i++) checksums[i] = bytes.getInt();
    if (blockBytes <= 0 || checksums.length != blockCount(lengthBytes, blockBytes))
      throw damaged(
          sidecar, "it holds %,d blocks for %,d bytes".formatted(checksums.length, lengthBytes));
    return new BlockChecksums(bin, blockBytes, lengthBytes, checksums);
  }

  /** Writes and forces the sidecar, which must not exist. */
  public void write(Path sidecar) throws IOException {
    int sizeBytes = HEADER_BYTES + (checksums.length + 1) * Integer.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(blockBytes).putLong(lengthBytes);
    for (int checksum : checksums) bytes.putInt(checksum);
    bytes.putInt(crc(bytes.slice(0, bytes.position()))).flip();
    try (FileChannel channel =
        FileChannel.open(sidecar, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) channel.write(bytes);
      channel.force(true);
    }
  }

  public int blockBytes() {
    return blockBytes;
  }

  public int blockCount() {
    return checksums.length;
  }

  /**
   * Checks the blocks that bytes {@code fromByte} (inclusive) to {@code toByte} (exclusive) touch
   * and that have not been checked before.
   *
   * @param tokens the mapped {@code .bin}, all of it
   * @throws Refusal shard-damaged, naming the shard, the block and its bytes
   */
  public void verify(MemorySegment tokens, long fromByte, long toByte) {
    if (toByte <= fromByte) return;
    if (tokens.byteSize() != lengthBytes) throw otherLength(tokens.byteSize());
    int last = Math.toIntExact((toByte - 1) / blockBytes);
    for (int block = Math.toIntExact(fromByte / blockBytes); block <= last; block++)
      if (!isVerified(block)) check(tokens, block);
  }

  private boolean isVerified(int block) {
    return (verified.get(block >> BLOCKS_PER_WORD_LOG2) & 1L << block) != 0;
  }

  private void check(MemorySegment tokens, int block) {
    long fromByte = (long) block * blockBytes;
    long toByte = Math.min(lengthBytes, fromByte + blockBytes);
    if (crc(tokens.asSlice(fromByte, toByte - fromByte).asByteBuffer()) != checksums[block])
      throw new Refusal(
              ProblemType.SHARD_DAMAGED,
              "Block %,d of the shard %s (bytes %,d to %,d) differs from what was indexed. Restore the file, or index its source again."
                  .formatted(block, bin, fromByte, toByte))
          .with("shard", bin.toString())
          .with("block", block);
    verified.getAndAccumulate(block >> BLOCKS_PER_WORD_LOG2, 1L << block, (a, b) -> a | b);
  }

  private Refusal otherLength(long foundBytes) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard %s has %,d bytes, but %,d were indexed. Restore the file."
                .formatted(bin, foundBytes, lengthBytes))
        .with("shard", bin.toString());
  }

  private static int blockCount(long lengthBytes, int blockBytes) {
    return Math.toIntExact((lengthBytes + blockBytes - 1) / blockBytes);
  }

  private static int crc(ByteBuffer bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static Refusal damaged(Path sidecar, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The block checksums %s are damaged: %s. Restore the file.".formatted(sidecar, what))
        .with("shard", sidecar.toString());
  }
}
