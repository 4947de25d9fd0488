package dev.mixwell.columnar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Pages whose counts were compared with the page before the library's decoders ask memory for them
 * (Parquet's documentation, "Encodings"). What can only end early is left to the decoders.
 */
record CheckedPages(PageReadStore pages) implements PageReadStore {
  private static final int MAX_WIDTH_BITS = 32;
  private static final int GROUP = 8; // values that are packed together
  private static final int SPARE_VALUES = 64 * GROUP; // writers fill the last run
  private static final int MAX_DELTA_BLOCK = 1 << 16;

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    return new Checked(column, pages.getPageReader(column));
  }

  @Override
  public long getRowCount() {
    return pages.getRowCount();
  }

  @Override
  public void close() {
    pages.close();
  }

  private record Checked(ColumnDescriptor column, PageReader reader) implements PageReader {
    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      DictionaryPage page = reader.readDictionaryPage();
      if (page != null
          && (page.getDictionarySize() < 0
              || page.getDictionarySize() > page.getUncompressedSize() / leastBytes()))
        throw absurd("a dictionary", page.getDictionarySize(), page.getUncompressedSize());
      if (page != null
          && column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY)
        new PageBytes(page.getBytes(), page.getDictionarySize()).texts();
      return page;
    }

    /** Of a value as it stands. */
    private int leastBytes() {
      return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
        case INT64, DOUBLE -> Long.BYTES;
        case INT96 -> 12;
        case INT32, FLOAT, BINARY -> Integer.BYTES;
        case FIXED_LEN_BYTE_ARRAY -> Math.max(1, column.getPrimitiveType().getTypeLength());
        case BOOLEAN -> 1;
      };
    }

    @Override
    public long getTotalValueCount() {
      return reader.getTotalValueCount();
    }

    @Override
    public @Nullable DataPage readPage() {
      DataPage page = reader.readPage();
      while (page != null && page.getValueCount() == 0) // Arrow writes such, the decoders err
      page = reader.readPage();
      switch (page) {
        case DataPageV1 v1 -> check(v1);
        case DataPageV2 v2 -> check(v2);
        case null, default -> {}
      }
      return page;
    }

    private void check(DataPageV1 page) {
      var bytes = new PageBytes(page.getBytes(), page.getValueCount());
      if (column.getMaxRepetitionLevel() > 0)
        bytes.levels(page.getRlEncoding(), width(column.getMaxRepetitionLevel()));
      if (column.getMaxDefinitionLevel() > 0)
        bytes.levels(page.getDlEncoding(), width(column.getMaxDefinitionLevel()));
      bytes.values(page.getValueEncoding());
    }

    private void check(DataPageV2 page) {
      int count = page.getValueCount();
      new PageBytes(page.getRepetitionLevels(), count).runs(width(column.getMaxRepetitionLevel()));
      new PageBytes(page.getDefinitionLevels(), count).runs(width(column.getMaxDefinitionLevel()));
      new PageBytes(page.getData(), count).values(page.getDataEncoding());
    }

    private static int width(int maxLevel) {
      return Integer.SIZE - Integer.numberOfLeadingZeros(maxLevel);
    }
  }

  /** What is left of a page; every method takes a part off it. */
  private static final class PageBytes {
    private final int count; // values of the page
    private final ByteBuffer left;

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
      if (encoding == Encoding.RLE) prefixed().runs(widthBits);
      else if (encoding == Encoding.BIT_PACKED) skip(Math.ceilDiv((long) count * widthBits, 8L));
      else throw new ParquetDecodingException("levels are encoded as " + encoding);
    }

    @SuppressWarnings("deprecation") // files have PLAIN_DICTIONARY
    void values(Encoding encoding) {
      if (count == 0 || !left.hasRemaining()) return;
      switch (encoding) {
        case RLE_DICTIONARY, PLAIN_DICTIONARY -> runs(Byte.toUnsignedInt(left.get()));
        case RLE -> prefixed().runs(1);
        case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY -> deltas();
        case DELTA_BYTE_ARRAY -> prefixedTexts();
        case PLAIN, BIT_PACKED, BYTE_STREAM_SPLIT -> {}
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

    /** Runs of equal values, and groups of packed ones. */
    void runs(int widthBits) {
      if (widthBits > MAX_WIDTH_BITS)
        throw new ParquetDecodingException("values have %d bits".formatted(widthBits));
      for (long seen = 0; seen < count && left.hasRemaining(); ) {
        long header = Integer.toUnsignedLong(varint());
        long length = header >> 1;
        boolean isPacked = (header & 1) == 1;
        if (isPacked && length * GROUP > count + (long) SPARE_VALUES)
          throw absurd("a run", length * GROUP, left.remaining());
        skip(isPacked ? length * widthBits : Math.ceilDiv(widthBits, 8));
        seen += isPacked ? length * GROUP : length;
      }
    }

    /** Texts behind their lengths. */
    void texts() {
      for (int i = 0; i < count; i++) {
        int sizeBytes = left.getInt();
        if (sizeBytes < 0 || sizeBytes > left.remaining())
          throw new ParquetDecodingException(
              "a text would have %,d bytes where %,d are left"
                  .formatted(sizeBytes, left.remaining()));
        skip(sizeBytes);
      }
    }

    /** Texts that begin as the one before does: how much of it, and how long what follows is. */
    private void prefixedTexts() {
      int[] prefixes = numbers();
      int[] suffixes = numbers();
      if (prefixes.length != suffixes.length)
        throw absurd("a page", suffixes.length, left.remaining());
      long before = 0;
      for (int i = 0; i < prefixes.length; i++) {
        if (prefixes[i] < 0 || prefixes[i] > before || suffixes[i] < 0)
          throw absurd("a beginning of a text", prefixes[i], before);
        before = (long) prefixes[i] + suffixes[i];
        skip(suffixes[i]);
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
      if (block <= 0 || block > MAX_DELTA_BLOCK || parts <= 0 || block / parts % GROUP != 0)
        throw new ParquetDecodingException(
            "differences are in %d blocks of %d values".formatted(parts, block));
      if (values < 0 || values > count) throw absurd("a page", values, left.remaining());
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
      return (int) varlong();
    }

    private long varlong() {
      long number = 0;
      for (int shift = 0; shift < Long.SIZE; shift += 7) {
        byte next = left.get();
        number |= (long) (next & 0x7F) << shift;
        if (next >= 0) break;
      }
      return number;
    }

    private void skip(long bytes) {
      left.position(left.position() + (int) Math.min(bytes, left.remaining()));
    }
  }

  private static ParquetDecodingException absurd(String what, long values, long bytes) {
    return new ParquetDecodingException(
        "%s would have %,d values in %,d bytes".formatted(what, values, bytes));
  }
}
