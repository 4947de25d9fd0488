package dev.mixwell.group;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one group as runs in shards, in manifest order: extent i is the tokens [start, end)
 * of a shard and follows extent i - 1 in the group's stream. No extent is empty and no two could be
 * one. Immutable and thread-safe.
 *
 * <p>Over the bytes that {@link ExtentsHeader} draws: a few bytes an extent in a mapped file, none
 * of them on the heap. A page of data is compared with its checksum when it is first read.
 */
public final class Extents {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String source;
  private final @Nullable RandomAccessFile file; // whose length is asked for; null in memory
  private final MemorySegment bytes;
  private final ExtentsHeader header;
  private final AtomicLongArray verified; // a bit a page

  /**
   * @param source named when a page is damaged
   * @param bytes all of them, of which header, directory and checksums are whole
   */
  Extents(
      String source, @Nullable RandomAccessFile file, MemorySegment bytes, ExtentsHeader header) {
    this.source = source;
    this.file = file;
    this.bytes = bytes;
    this.header = header;
    this.verified = new AtomicLongArray((header.pages() >> 6) + 1);
  }

  public int count() {
    return header.count();
  }

  /** Length of the stream. */
  public long tokens() {
    return header.tokens();
  }

  /** How many documents they were made from, whole or in part. */
  public long documents() {
    return header.documents();
  }

  /** All extents, from before the first. */
  public Cursor cursor() {
    checkLength();
    return new Cursor();
  }

  /**
   * At the extent that holds a token of the stream.
   *
   * @param token 0 to {@code tokens() - 1}
   */
  public Cursor cursor(long token) {
    if (token < 0 || token >= tokens())
      throw new IndexOutOfBoundsException("token " + token + " of " + tokens());
    checkLength();
    var cursor = new Cursor();
    cursor.seek(token);
    return cursor;
  }

  /**
   * Shows the shards' tokens behind a part of the stream, in order.
   *
   * @param first the part's first token in the stream; the part must not end behind {@code
   *     tokens()}
   * @throws Refusal extents-damaged
   */
  public void pieces(long first, int lengthTokens, PieceVisitor visitor) {
    Cursor cursor = cursor(first);
    long into = first - cursor.offset();
    for (int left = lengthTokens; ; into = 0) {
      int length = (int) Math.min(left, cursor.lengthTokens() - into);
      visitor.piece(cursor.shard(), cursor.start() + into, length);
      left -= length;
      if (left == 0) return;
      if (!cursor.next()) throw new IndexOutOfBoundsException(left + " tokens behind the end");
    }
  }

  /** Takes consecutive tokens of one shard; a piece that is not the first begins a document. */
  public interface PieceVisitor {
    void piece(int shard, long startToken, int lengthTokens);
  }

  /** {@link ExtentsDigest}: equal if and only if the extents are. */
  public String sha256() {
    return header.sha256();
  }

  /**
   * Reads all data that was never read.
   *
   * @throws Refusal extents-damaged
   */
  public void verify() {
    checkLength();
    verify(0, header.dataBytes());
  }

  private void checkLength() {
    if (file == null) return;
    try {
      if (file.length() != header.lengthBytes())
        throw ExtentsFile.damaged(
            source, "has %,d bytes, but had %,d".formatted(file.length(), header.lengthBytes()));
    } catch (IOException e) {
      throw ExtentsFile.damaged(source, "cannot be read (" + IoReason.of(e) + ")");
    }
  }

  private void verify(long fromByte, long toByte) {
    if (fromByte == toByte) return;
    int last = (int) ((toByte - 1) / ExtentsHeader.PAGE_BYTES);
    for (int page = (int) (fromByte / ExtentsHeader.PAGE_BYTES); page <= last; page++)
      if ((verified.get(page >> 6) & 1L << page) == 0) verify(page);
  }

  private void verify(int page) {
    long from = (long) page * ExtentsHeader.PAGE_BYTES;
    long size = Math.min(ExtentsHeader.PAGE_BYTES, header.dataBytes() - from);
    int found =
        ExtentsHeader.crc(bytes.asSlice(ExtentsHeader.SIZE_BYTES + from, size).asByteBuffer());
    if (found != bytes.get(INT, header.checksumsAt() + (long) Integer.BYTES * page))
      throw ExtentsFile.damaged(
          source,
          "differs in bytes %,d to %,d from what was written"
              .formatted(ExtentsHeader.SIZE_BYTES + from, ExtentsHeader.SIZE_BYTES + from + size));
    verified.getAndAccumulate(page >> 6, 1L << page, (a, b) -> a | b);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Extents e && sha256().equals(e.sha256());
  }

  @Override
  public int hashCode() {
    return sha256().hashCode();
  }

  @Override
  public String toString() {
    return "%d extents, %d tokens, %s".formatted(count(), tokens(), sha256());
  }

  /** One extent after the other. Owned by one thread. */
  public final class Cursor {
    private int extent = -1;
    private int shard;
    private long start;
    private long lengthTokens;
    private long offset;
    private long atByte;

    private Cursor() {}

    /** Goes to the next extent; false if there is none. */
    public boolean next() {
      if (extent + 1 >= header.count()) return false;
      extent++;
      if (extent % ExtentsHeader.BLOCK_EXTENTS == 0) enter(extent / ExtentsHeader.BLOCK_EXTENTS);
      else step();
      return true;
    }

    /** Which one, from 0. */
    public int extent() {
      return extent;
    }

    /** The shard's index in the manifest. */
    public int shard() {
      return shard;
    }

    /** The first token in the shard. */
    public long start() {
      return start;
    }

    /** The token behind the last one in the shard. */
    public long end() {
      return start + lengthTokens;
    }

    public long lengthTokens() {
      return lengthTokens;
    }

    /** Where in the stream the extent begins. */
    public long offset() {
      return offset;
    }

    private void seek(long token) {
      int low = 0;
      int high = header.blocks();
      while (high - low > 1) { // the block at low begins at or before the token
        int middle = (low + high) >>> 1;
        if (bytes.get(LONG, entry(middle)) <= token) low = middle;
        else high = middle;
      }
      extent = low * ExtentsHeader.BLOCK_EXTENTS;
      enter(low);
      while (offset + lengthTokens <= token) {
        extent++;
        step();
      }
    }

    private void enter(int block) {
      long entry = entry(block);
      long data = bytes.get(LONG, entry + ExtentsHeader.ENTRY_DATA);
      verify(data, endOf(block));
      offset = bytes.get(LONG, entry);
      shard = bytes.get(INT, entry + ExtentsHeader.ENTRY_SHARD);
      start = bytes.get(LONG, entry + ExtentsHeader.ENTRY_START);
      atByte = ExtentsHeader.SIZE_BYTES + data;
      lengthTokens = number();
    }

    private void step() {
      offset += lengthTokens;
      long gap = number();
      if (gap > 0) start += lengthTokens + gap;
      else {
        shard += (int) number();
        start = number();
      }
      lengthTokens = number();
    }

    private long endOf(int block) {
      return block + 1 == header.blocks()
          ? header.dataBytes()
          : bytes.get(LONG, entry(block + 1) + ExtentsHeader.ENTRY_DATA);
    }

    private long entry(int block) {
      return header.directoryAt() + (long) ExtentsHeader.ENTRY_BYTES * block;
    }

    private long number() {
      byte first = bytes.get(ValueLayout.JAVA_BYTE, atByte++);
      if (first >= 0) return first;
      long value = first & 0x7F;
      for (int shift = 7; ; shift += 7) {
        byte b = bytes.get(ValueLayout.JAVA_BYTE, atByte++);
        value |= (b & 0x7FL) << shift;
        if (b >= 0) return value;
      }
    }
  }
}
