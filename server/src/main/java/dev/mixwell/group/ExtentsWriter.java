package dev.mixwell.group;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Collects runs of tokens in manifest order and joins those that touch. Owned by one thread. What
 * stays in memory is the directory and the checksums, half a byte an extent, and in {@link
 * #inMemory} everything.
 */
public final class ExtentsWriter implements AutoCloseable {
  private static final int MAX_NUMBERS_BYTES = 4 * 10; // of one extent
  private static final int NONE = -1; // a shard before all others
  private static final String NO_DIGEST = "00".repeat(32);

  /** Where the bytes go. */
  interface Target extends AutoCloseable {
    void append(ByteBuffer bytes);

    /** All that was appended, with the header put in front. */
    MemorySegment bytes(ByteBuffer header);

    /** Ends it under the final header. */
    Extents finish(ExtentsHeader header);

    /** Gives up what was not finished. */
    @Override
    void close();
  }

  private final Target target;
  private final ByteBuffer page = buffer(ExtentsHeader.PAGE_BYTES);
  private final ByteBuffer numbers = buffer(MAX_NUMBERS_BYTES);
  private ByteBuffer directory = buffer(1 << 10);
  private ByteBuffer checksums = buffer(1 << 8);
  private int count;
  private long dataBytes;
  private long tokens; // of the extents encoded
  private int encodedShard;
  private long encodedEnd;
  private int shard = NONE; // of the run that may still grow
  private long start;
  private long end;

  private ExtentsWriter(Target target) {
    this.target = target;
    target.append(ByteBuffer.allocate(ExtentsHeader.SIZE_BYTES));
  }

  /** Into memory, for small groups. */
  public static ExtentsWriter inMemory() {
    return new ExtentsWriter(new ExtentsMemory());
  }

  /**
   * Into a file, which appears when it is whole.
   *
   * @throws dev.mixwell.base.Refusal storage-failed; so do the other methods
   */
  public static ExtentsWriter into(Path file) {
    return new ExtentsWriter(ExtentsFile.create(file));
  }

  /**
   * Adds tokens [start, end) of a shard; none if they are equal.
   *
   * @throws IllegalArgumentException if they lie before the end of the last run, or are not a run
   */
  public void add(int shard, long start, long end) {
    if (shard < 0 || start < 0 || end < start)
      throw new IllegalArgumentException(run(shard, start, end) + " is not a run of tokens");
    if (start == end) return;
    if (shard == this.shard && start == this.end) {
      this.end = end;
      return;
    }
    if (shard == this.shard && start < this.end)
      throw new IllegalArgumentException(
          run(shard, start, end) + " begins before token " + this.end);
    if (shard < this.shard)
      throw new IllegalArgumentException(
          run(shard, start, end) + " comes after shard " + this.shard);
    encode();
    this.shard = shard;
    this.start = start;
    this.end = end;
  }

  /**
   * @param documents that the runs were made from
   */
  public Extents finish(long documents) {
    encode();
    if (page.position() > 0) endPage();
    directory.flip();
    checksums.flip();
    var crc = new CRC32C();
    crc.update(directory.duplicate());
    crc.update(checksums.duplicate());
    var header =
        new ExtentsHeader(count, tokens, documents, dataBytes, NO_DIGEST, (int) crc.getValue());
    target.append(directory);
    target.append(checksums);
    var unnamed = new Extents("(being written)", null, target.bytes(header.toBytes()), header);
    return target.finish(header.withSha256(ExtentsDigest.of(unnamed)));
  }

  @Override
  public void close() {
    target.close();
  }

  private void encode() {
    if (shard == NONE) return;
    if (count == Integer.MAX_VALUE) throw new ArithmeticException("2^31 extents");
    numbers.clear();
    if (count % ExtentsHeader.BLOCK_EXTENTS == 0) {
      directory = withRoom(directory, ExtentsHeader.ENTRY_BYTES);
      directory.putLong(tokens).putInt(shard).putLong(start).putLong(dataBytes);
    } else if (shard == encodedShard) number(start - encodedEnd);
    else {
      number(0);
      number(shard - encodedShard);
      number(start);
    }
    number(end - start);
    put(numbers.flip());
    count++;
    tokens += end - start;
    encodedShard = shard;
    encodedEnd = end;
  }

  private void number(long value) {
    long rest = value;
    for (; rest > 0x7F; rest >>>= 7) numbers.put((byte) (rest | 0x80));
    numbers.put((byte) rest);
  }

  private void put(ByteBuffer bytes) {
    dataBytes += bytes.remaining();
    while (bytes.hasRemaining()) {
      page.put(bytes.get());
      if (!page.hasRemaining()) endPage();
    }
  }

  private void endPage() {
    page.flip();
    checksums = withRoom(checksums, Integer.BYTES);
    checksums.putInt(ExtentsHeader.crc(page.duplicate()));
    target.append(page);
    page.clear();
  }

  private static ByteBuffer withRoom(ByteBuffer bytes, int neededBytes) {
    if (bytes.remaining() >= neededBytes) return bytes;
    byte[] larger = Arrays.copyOf(bytes.array(), Math.multiplyExact(2, bytes.capacity()));
    return ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN).position(bytes.position());
  }

  private static ByteBuffer buffer(int sizeBytes) {
    return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String run(int shard, long start, long end) {
    return "shard %d, tokens [%d, %d)".formatted(shard, start, end);
  }
}
