package dev.mixwell.columnar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * The body of one record batch in the file: nodes and buffers are taken in the order of the fields,
 * depth first (Arrow's columnar format, "Recursive flattening"). Nothing is read behind the body.
 * Owned by one thread.
 */
final class ArrowBatch {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final RecordBatch batch;
  private final long bodyAt;
  private final long bodyBytes;
  private int node;
  private int buffer;

  /**
   * @param bodyAt within the file, and {@code bodyBytes} of it are there
   */
  ArrowBatch(MemorySegment file, RecordBatch batch, long bodyAt, long bodyBytes) {
    this.file = file;
    this.batch = batch;
    this.bodyAt = bodyAt;
    this.bodyBytes = bodyBytes;
  }

  long sizeBytes() {
    return bodyBytes;
  }

  /** Values of the next field, and how many of them are null. */
  record Node(long length, long nulls) {}

  Node nextNode() throws UnreadableFile {
    if (node >= batch.nodesLength()) throw UnreadableFile.damaged("a record batch lacks a field");
    FieldNode found = batch.nodes(node++);
    if (found.length() < 0 || found.nullCount() < 0 || found.nullCount() > found.length())
      throw UnreadableFile.damaged(
          "a field would have %,d values, %,d of them null"
              .formatted(found.length(), found.nullCount()));
    return new Node(found.length(), found.nullCount());
  }

  /** The next buffer. */
  Part nextPart() throws UnreadableFile {
    if (buffer >= batch.buffersLength())
      throw UnreadableFile.damaged("a record batch lacks a buffer");
    Buffer found = batch.buffers(buffer++);
    if (found.offset() < 0 || found.length() < 0 || found.length() > bodyBytes - found.offset())
      throw UnreadableFile.damaged(
          "a buffer would lie at bytes %,d to %,d of a body of %,d"
              .formatted(found.offset(), found.offset() + found.length(), bodyBytes));
    return new Part(bodyAt + found.offset(), found.length());
  }

  /**
   * A buffer.
   *
   * @param atByte in the file
   */
  final class Part {
    private final long atByte;
    private final long sizeBytes;

    private Part(long atByte, long sizeBytes) {
      this.atByte = atByte;
      this.sizeBytes = sizeBytes;
    }

    long atByte() {
      return atByte;
    }

    /**
     * @param count values of so many bytes that it must hold
     */
    Part holding(long count, int widthBytes) throws UnreadableFile {
      if (count > sizeBytes / widthBytes)
        throw UnreadableFile.damaged(
            "a buffer of %,d bytes cannot hold %,d values of %d bytes"
                .formatted(sizeBytes, count, widthBytes));
      return this;
    }

    /** A bit for each of so many values; none at all where every value is there. */
    Part marking(long count) throws UnreadableFile {
      if (sizeBytes > 0 && Math.ceilDiv(count, 8L) > sizeBytes)
        throw UnreadableFile.damaged(
            "a buffer of %,d bytes cannot mark %,d values".formatted(sizeBytes, count));
      return this;
    }

    boolean bit(long index) {
      return sizeBytes == 0 || (u8(index >> 3) >> (index & 7) & 1) == 1;
    }

    int u8(long at) {
      return Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, atByte + at));
    }

    int i32(long index) {
      return file.get(INT, atByte + index * Integer.BYTES);
    }

    long i64(long index) {
      return file.get(LONG, atByte + index * Long.BYTES);
    }

    byte[] bytes(long from, int length) {
      return file.asSlice(atByte + from, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
