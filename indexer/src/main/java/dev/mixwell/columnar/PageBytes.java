package dev.mixwell.columnar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * What is left of a page, whose counts are compared with it (Parquet's documentation, "Encodings");
 * every method takes a part off it. Owned by one thread.
 */
final class PageBytes {
  private static final int MAX_WIDTH_BITS = 32;
  private static final int GROUP = 8; // values that are packed together
  private static final int SPARE_VALUES = 64 * GROUP; // writers fill the last run
  private static final int MAX_DELTA_BLOCK = 1 << 16;
  private static final int BITS_PER_BYTE = 7; // of a number of any length

  private static final long MAX_DECODED_BYTES = 1 << 27;

  private final int count; // values of the page
  private final ByteBuffer left;
  private long decodedBytes;

  PageBytes(BytesInput bytes, int count) {
    if (count < 0) throw absurd("a page", count, bytes.size());
    this.count = count;
    try {
      this.left = bytes.toByteBuffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PageBytes(ByteBuffer left, int count) {
    this.left = left;
    this.count = count;
  }

  @SuppressWarnings("deprecation") // files have BIT_PACKED levels
  void levels(Encoding encoding, int widthBits) {
    if (encoding == Encoding.RLE) runsOf(prefixed(), widthBits);
    else if (encoding == Encoding.BIT_PACKED) skip(Math.ceilDiv((long) count * widthBits, 8L));
    else throw new ParquetDecodingException("levels are encoded as " + encoding);
  }

  /**
   * @param areTexts or other bytes of any length
   */
  @SuppressWarnings("deprecation") // files have PLAIN_DICTIONARY
  void values(Encoding encoding, boolean areTexts) {
    if (count == 0 || !left.hasRemaining()) return;
    switch (encoding) {
      case RLE_DICTIONARY, PLAIN_DICTIONARY -> runs(Byte.toUnsignedInt(left.get()));
      case RLE -> runsOf(prefixed(), 1);
      case DELTA_BINARY_PACKED -> deltas();
      case DELTA_LENGTH_BYTE_ARRAY -> measuredTexts();
      case DELTA_BYTE_ARRAY -> prefixedTexts();
      case PLAIN -> {
        if (areTexts) texts();
      }
      case BYTE_STREAM_SPLIT -> decode(left.remaining());
      case BIT_PACKED -> {}
    }
  }

  private PageBytes prefixed() {
    int sizeBytes = left.getInt();
    if (sizeBytes < 0 || sizeBytes > left.remaining())
      throw absurd("a run of levels", sizeBytes, left.remaining());
    ByteBuffer part = left.slice(left.position(), sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    skip(sizeBytes);
    return new PageBytes(part, count);
  }

  private void runsOf(PageBytes part, int widthBits) {
    part.runs(widthBits);
    decode(part.decodedBytes);
  }

  /** Runs of equal values, and groups of packed ones. */
  void runs(int widthBits) {
    if (widthBits > MAX_WIDTH_BITS)
      throw new ParquetDecodingException("values have %d bits".formatted(widthBits));
    long longest = 0;
    for (long seen = 0; seen < count && left.hasRemaining(); ) {
      long header = Integer.toUnsignedLong(varint());
      long length = header >> 1;
      boolean isPacked = (header & 1) == 1;
      if (isPacked && length * GROUP > count + (long) SPARE_VALUES)
        throw absurd("a run", length * GROUP, left.remaining());
      if (isPacked) longest = Math.max(longest, length * GROUP);
      skip(isPacked ? length * widthBits : Math.ceilDiv(widthBits, 8));
      seen += isPacked ? length * GROUP : length;
    }
    decode(longest * Integer.BYTES);
  }

  /** Memory that the library's decoders are going to ask for. */
  long decodedBytes() {
    return decodedBytes;
  }

  private void decode(long bytes) {
    decodedBytes += bytes;
    if (decodedBytes > MAX_DECODED_BYTES)
      throw new ParquetDecodingException(
          "a page would have %,d bytes, decoded".formatted(decodedBytes));
  }

  /** Texts behind their lengths; fewer than the page's values where some are missing. */
  void texts() {
    for (int i = 0; i < count && left.remaining() >= Integer.BYTES; i++) text(left.getInt());
  }

  private void text(int sizeBytes) {
    if (sizeBytes < 0 || sizeBytes > left.remaining())
      throw new ParquetDecodingException(
          "a text would have %,d bytes where %,d are left".formatted(sizeBytes, left.remaining()));
    skip(sizeBytes);
  }

  /** Texts behind the lengths of all. */
  private void measuredTexts() {
    for (int sizeBytes : numbers()) text(sizeBytes);
  }

  /** Texts that begin as the one before does: how much of it, and how long what follows is. */
  private void prefixedTexts() {
    int[] prefixes = numbers();
    int[] suffixes = numbers();
    if (prefixes.length != suffixes.length)
      throw absurd("a page", suffixes.length, left.remaining());
    long before = 0;
    for (int i = 0; i < prefixes.length; i++) {
      if (prefixes[i] < 0 || prefixes[i] > before)
        throw absurd("a beginning of a text", prefixes[i], before);
      text(suffixes[i]);
      before = (long) prefixes[i] + suffixes[i];
    }
  }

  /** Numbers that are kept as differences. */
  private int[] numbers() {
    int from = left.position();
    int[] numbers = new int[deltas()];
    var reader = new DeltaBinaryPackingValuesReader();
    try {
      reader.initFromPage(
          count, ByteBufferInputStream.wrap(left.slice(from, left.position() - from)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int i = 0; i < numbers.length; i++) numbers[i] = reader.readInteger();
    return numbers;
  }

  /** Differences in blocks of small blocks; returns how many numbers they make. */
  private int deltas() {
    int block = varint();
    int parts = varint();
    int values = varint();
    if (block <= 0 || block > MAX_DELTA_BLOCK || parts <= 0 || block % (parts * (long) GROUP) != 0)
      throw new ParquetDecodingException(
          "differences are in %,d parts of %,d values".formatted(parts, block));
    if (values < 0 || values > count) throw absurd("a page", values, left.remaining());
    decode((long) values * Long.BYTES);
    varlong(); // the first value
    int[] widths = new int[parts];
    for (long unread = values - 1L; unread > 0; ) {
      varlong(); // the least difference
      for (int p = 0; p < parts; p++) widths[p] = Byte.toUnsignedInt(left.get());
      for (int p = 0; p < parts && unread > 0; p++, unread -= block / parts)
        skip((long) widths[p] * (block / parts) / 8);
    }
    return values;
  }

  private int varint() {
    return (int) number(Integer.SIZE);
  }

  private long varlong() {
    return number(Long.SIZE);
  }

  /** The library shifts round where a number goes on. */
  private long number(int sizeBits) {
    long number = 0;
    for (int shift = 0; shift < sizeBits; shift += BITS_PER_BYTE) {
      byte next = left.get();
      number |= (long) (next & 0x7F) << shift;
      if (next >= 0) return number;
    }
    throw new ParquetDecodingException("a number of more than %d bits".formatted(sizeBits));
  }

  private void skip(long bytes) {
    left.position(left.position() + (int) Math.min(bytes, left.remaining()));
  }

  static ParquetDecodingException absurd(String what, long values, long bytes) {
    return new ParquetDecodingException(
        "%s would have %,d values in %,d bytes".formatted(what, values, bytes));
  }
}
