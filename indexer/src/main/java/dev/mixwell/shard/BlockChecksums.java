package dev.mixwell.shard;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.zip.CRC32C;

/**
 * CRC32C of each block of a file, checked when a block is first read. Thread-safe; a block that has
 * been found whole costs one load from then on.
 *
 * <p>As a record in a sidecar file, little-endian:
 *
 * <pre>
 * offset    size  what
 * 0         8     "MXWLCRC1"
 * 8         4     block size in bytes
 * 12        8     length of the file in bytes
 * 20        4 n   CRC32C of each block; the last block may be short
 * 20 + 4 n  4     CRC32C of all bytes before
 * </pre>
 */
public final class BlockChecksums {
  private static final byte[] MAGIC = {'M', 'X', 'W', 'L', 'C', 'R', 'C', '1'};
  private static final int HEADER_BYTES = MAGIC.length + Integer.BYTES + Long.BYTES;
  private static final int BLOCKS_PER_WORD_LOG2 = 6;

  private final Path file;
  private final int blockBytes;
  private final long lengthBytes;
  private final int[] checksums;
  private final AtomicLongArray verified; // a bit a block

  private BlockChecksums(Path file, int blockBytes, long lengthBytes, int[] checksums) {
    this.file = file;
    this.blockBytes = blockBytes;
    this.lengthBytes = lengthBytes;
    this.checksums = checksums;
    this.verified = new AtomicLongArray((checksums.length >> BLOCKS_PER_WORD_LOG2) + 1);
  }

  /** What is read block by block. */
  interface Blocks {
    /** Fills the array with the bytes from {@code fromByte} on. */
    void read(long fromByte, byte[] block);
  }

  /** Takes a file's bytes, one part after the other. */
  public interface PartVisitor {
    void part(ByteBuffer bytes);
  }

  /** Reads all of a file. */
  public static BlockChecksums compute(Path file, int blockBytes) throws IOException {
    return compute(file, blockBytes, _ -> {});
  }

  /** Reads all of a file and shows it meanwhile. */
  public static BlockChecksums compute(Path file, int blockBytes, PartVisitor visitor)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long lengthBytes = channel.size();
      int[] checksums = new int[blockCount(lengthBytes, blockBytes)];
      ByteBuffer block = ByteBuffer.allocateDirect(blockBytes);
      for (int i = 0; i < checksums.length; i++) {
        block.clear();
        while (block.hasRemaining() && channel.read(block) >= 0) {}
        visitor.part(block.flip().duplicate());
        checksums[i] = crc(block);
      }
      return new BlockChecksums(file, blockBytes, lengthBytes, checksums);
    }
  }

  /**
   * Reads a sidecar of one record.
   *
   * @param file that it is about
   * @throws Refusal shard-damaged if the sidecar is cut or changed
   */
  public static BlockChecksums read(Path sidecar, Path file) {
    ByteBuffer bytes = bytes(sidecar);
    BlockChecksums read = next(bytes, sidecar, file);
    requireEnd(bytes, sidecar);
    return read;
  }

  static ByteBuffer bytes(Path sidecar) {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(sidecar)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw damaged(sidecar, "it cannot be read (" + IoReason.of(e) + ")");
    }
  }

  /** Takes the next record of a sidecar. */
  static BlockChecksums next(ByteBuffer bytes, Path sidecar, Path file) {
    ByteBuffer record = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (record.limit() < HEADER_BYTES || record.mismatch(ByteBuffer.wrap(MAGIC)) < MAGIC.length)
      throw damaged(sidecar, "it does not begin with MXWLCRC1 and its header");
    int blockBytes = record.getInt(MAGIC.length);
    long lengthBytes = record.getLong(MAGIC.length + Integer.BYTES);
    long blocks = blockBytes <= 0 ? -1 : Math.ceilDiv(lengthBytes, (long) blockBytes);
    if (blocks < 0 || blocks > (record.limit() - HEADER_BYTES) / Integer.BYTES - 1)
      throw damaged(sidecar, "it is too short for %,d bytes".formatted(lengthBytes));
    int[] checksums = new int[(int) blocks];
    record.position(HEADER_BYTES);
    record.asIntBuffer().get(checksums);
    int endBytes = HEADER_BYTES + checksums.length * Integer.BYTES;
    if (crc(record.slice(0, endBytes)) != record.getInt(endBytes))
      throw damaged(sidecar, "its own checksum differs");
    bytes.position(bytes.position() + endBytes + Integer.BYTES);
    return new BlockChecksums(file, blockBytes, lengthBytes, checksums);
  }

  static void requireEnd(ByteBuffer bytes, Path sidecar) {
    if (bytes.hasRemaining())
      throw damaged(sidecar, "%,d bytes too many follow".formatted(bytes.remaining()));
  }

  /** Writes and forces a sidecar of this record alone; it must not exist. */
  public void write(Path sidecar) throws IOException {
    ForcedFiles.write(sidecar, record());
  }

  ByteBuffer record() {
    int sizeBytes = HEADER_BYTES + (checksums.length + 1) * Integer.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(blockBytes).putLong(lengthBytes);
    for (int checksum : checksums) bytes.putInt(checksum);
    return bytes.putInt(crc(bytes.slice(0, bytes.position()))).flip();
  }

  public int blockBytes() {
    return blockBytes;
  }

  public int blockCount() {
    return checksums.length;
  }

  /** Of the file. */
  public long lengthBytes() {
    return lengthBytes;
  }

  /**
   * Checks the blocks that bytes {@code fromByte} (inclusive) to {@code toByte} (exclusive) touch
   * and that have not been checked before.
   *
   * @throws Refusal shard-damaged, naming the shard, the block and its bytes
   */
  void verify(Blocks blocks, long fromByte, long toByte) {
    if (toByte <= fromByte) return;
    int last = Math.toIntExact((toByte - 1) / blockBytes);
    for (int block = Math.toIntExact(fromByte / blockBytes); block <= last; block++)
      if (!isVerified(block)) check(blocks, block);
  }

  private boolean isVerified(int block) {
    return (verified.get(block >> BLOCKS_PER_WORD_LOG2) & 1L << block) != 0;
  }

  private void check(Blocks blocks, int block) {
    long fromByte = (long) block * blockBytes;
    long toByte = Math.min(lengthBytes, fromByte + blockBytes);
    byte[] bytes = new byte[Math.toIntExact(toByte - fromByte)];
    blocks.read(fromByte, bytes);
    requireBlock(block, ByteBuffer.wrap(bytes));
    verified.getAndAccumulate(block >> BLOCKS_PER_WORD_LOG2, 1L << block, (a, b) -> a | b);
  }

  /**
   * Compares a block with what was recorded.
   *
   * @throws Refusal shard-damaged, naming the shard, the block and its bytes
   */
  public void requireBlock(int block, ByteBuffer bytes) {
    if (crc(bytes) == checksums[block]) return;
    long fromByte = (long) block * blockBytes;
    throw new Refusal(
            ProblemType.SHARD_DAMAGED,
            "Block %,d of the shard %s (bytes %,d to %,d) differs from what was indexed. Restore the file, or index its source again."
                .formatted(block, file, fromByte, Math.min(lengthBytes, fromByte + blockBytes)))
        .with("shard", file.toString())
        .with("block", block);
  }

  /**
   * @throws Refusal shard-damaged for another length than was recorded
   */
  public void requireLength(long foundBytes) {
    if (foundBytes != lengthBytes) throw otherLength(foundBytes);
  }

  private Refusal otherLength(long foundBytes) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard %s has %,d bytes, but %,d were indexed. Restore the file."
                .formatted(file, foundBytes, lengthBytes))
        .with("shard", file.toString());
  }

  private static int blockCount(long lengthBytes, int blockBytes) {
    return Math.toIntExact(Math.ceilDiv(lengthBytes, (long) blockBytes));
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
