package dev.mixwell.columnar;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import shaded.parquet.org.apache.thrift.TException;

/**
 * The headers of a column's pages, compared with the file before the library reads the pages: it
 * asks memory for as many bytes as a header says.
 */
final class PageHeaders {
  private static final int MAX_HEADER_BYTES = 1 << 24; // least and greatest values stand in it

  private final MemorySegment columns;
  private final ColumnMetaData column;
  private final String name;

  /**
   * @param columns the file up to its footer
   */
  PageHeaders(MemorySegment columns, ColumnMetaData column, String name) {
    this.columns = columns;
    this.column = column;
    this.name = name;
  }

  /** Goes from page to page, until as many values have come as the column has. */
  void check(long fromByte) throws UnreadableFile, IOException {
    long at = fromByte;
    for (long values = 0; values < column.getNum_values(); ) {
      long left = columns.byteSize() - at;
      var bytes =
          ByteBufferInputStream.wrap(
              columns.asSlice(at, Math.min(left, MAX_HEADER_BYTES)).asByteBuffer());
      PageHeader header = read(bytes, at);
      left -= bytes.position();
      long sizeBytes = header.getCompressed_page_size();
      if (sizeBytes < 0 || sizeBytes > left) throw absurd("%,d bytes".formatted(sizeBytes), at);
      long plainBytes = header.getUncompressed_page_size();
      if (plainBytes < 0 || plainBytes > ParquetCodecs.MAX_PAGE_BYTES)
        throw absurd("%,d bytes, decompressed".formatted(plainBytes), at);
      values += values(header, at);
      at += bytes.position() + sizeBytes;
    }
  }

  private PageHeader read(ByteBufferInputStream bytes, long at) throws UnreadableFile, IOException {
    var header = new PageHeader();
    try {
      header.read(BoundedProtocol.of(bytes));
      header.validate();
      return header;
    } catch (TException e) {
      throw UnreadableFile.damaged(
          "the page at byte %,d of its column %s has no header (%s)"
              .formatted(at, name, e.getMessage()));
    }
  }

  private long values(PageHeader header, long at) throws UnreadableFile {
    DataPageHeader first = header.getData_page_header();
    DataPageHeaderV2 second = header.getData_page_header_v2();
    int values = 0;
    if (first != null) values = first.getNum_values();
    if (second != null) {
      values = second.getNum_values();
      int repetition = second.getRepetition_levels_byte_length();
      int definition = second.getDefinition_levels_byte_length();
      if (repetition < 0
          || definition < 0
          || (long) repetition + definition > header.getCompressed_page_size())
        throw absurd("%,d and %,d bytes of levels".formatted(repetition, definition), at);
    }
    if (values < 0) throw absurd("%,d values".formatted(values), at);
    return values;
  }

  private UnreadableFile absurd(String what, long at) {
    return UnreadableFile.damaged(
        "the page at byte %,d of its column %s would have %s".formatted(at, name, what));
  }
}
