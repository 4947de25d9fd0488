package dev.mixwell.columnar;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Pages whose counts were compared with the page before the library's decoders ask memory for them.
 * What can only end early is left to the decoders. Owned by one thread.
 */
final class CheckedPages implements PageReadStore {
  private final PageReadStore pages;
  private final long maxDecodedBytes;
  private long decodedBytes; // of the pages that are being read

  CheckedPages(PageReadStore pages, long maxDecodedBytes) {
    this.pages = pages;
    this.maxDecodedBytes = maxDecodedBytes;
  }

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

  private final class Checked implements PageReader {
    private final ColumnDescriptor column;
    private final PageReader reader;
    private long decoded; // of the page that is being read

    Checked(ColumnDescriptor column, PageReader reader) {
      this.column = column;
      this.reader = reader;
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      DictionaryPage page = reader.readDictionaryPage();
      if (page != null
          && (page.getDictionarySize() < 0
              || page.getDictionarySize() > page.getUncompressedSize() / leastBytes()))
        throw PageBytes.absurd(
            "a dictionary", page.getDictionarySize(), page.getUncompressedSize());
      if (page != null && areTexts())
        new PageBytes(page.getBytes(), page.getDictionarySize()).texts();
      return page;
    }

    private boolean areTexts() {
      return column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
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
      decodedBytes -= decoded;
      DataPage page = reader.readPage();
      // Arrow writes pages without values, and the decoders err.
      while (page != null && page.getValueCount() == 0) page = reader.readPage();
      decoded =
          switch (page) {
            case DataPageV1 v1 -> check(v1);
            case DataPageV2 v2 -> check(v2);
            case null, default -> 0;
          };
      decodedBytes += decoded;
      if (decodedBytes > maxDecodedBytes)
        throw new ParquetDecodingException(
            "pages would have %,d bytes at once, decoded".formatted(decodedBytes));
      return page;
    }

    private long check(DataPageV1 page) {
      var bytes = new PageBytes(page.getBytes(), page.getValueCount());
      if (column.getMaxRepetitionLevel() > 0)
        bytes.levels(page.getRlEncoding(), width(column.getMaxRepetitionLevel()));
      if (column.getMaxDefinitionLevel() > 0)
        bytes.levels(page.getDlEncoding(), width(column.getMaxDefinitionLevel()));
      bytes.values(page.getValueEncoding(), areTexts());
      return bytes.decodedBytes();
    }

    private long check(DataPageV2 page) {
      int count = page.getValueCount();
      var repetition = new PageBytes(page.getRepetitionLevels(), count);
      repetition.runs(width(column.getMaxRepetitionLevel()));
      var definition = new PageBytes(page.getDefinitionLevels(), count);
      definition.runs(width(column.getMaxDefinitionLevel()));
      var values = new PageBytes(page.getData(), count);
      values.values(page.getDataEncoding(), areTexts());
      return repetition.decodedBytes() + definition.decodedBytes() + values.decodedBytes();
    }

    private static int width(int maxLevel) {
      return Integer.SIZE - Integer.numberOfLeadingZeros(maxLevel);
    }
  }
}
