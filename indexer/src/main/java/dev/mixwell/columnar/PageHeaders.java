package dev.mixwell.columnar;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TException;

/**
 * The headers of a column's pages, compared with the file before the library reads the pages: it
 * asks memory for as many bytes as a header says.
 */
final class PageHeaders {
  private static final int MAX_HEADER_BYTES = 1 << 24; // least and greatest values stand in it

  // What the library's objects take.
  private static final int BYTES_PER_PAGE = 256;
  private static final int BYTES_PER_ENTRY = 56; // of a dictionary

  private final MemorySegment columns;
  private final ColumnMetaData column;
  private final String name;

  /**
   * What reading a column takes.
   *
   * @param atOnceBytes of memory: its dictionary and its largest page
   * @param plainBytes of all pages, one after the other
   */
  record Cost(long atOnceBytes, long plainBytes) {}

  /**
   * @param columns the file up to its footer
   */
  PageHeaders(MemorySegment columns, ColumnMetaData column, String name) {
    this.columns = columns;
    this.column = column;
    this.name = name;
  }

  /** Goes from page to page, until as many values have come as the column has. */
  Cost check(long fromByte) throws UnreadableFile, IOException {
    long at = fromByte;
    long largest = 0;
    long others = 0;
    long plain = 0;
    for (long values = 0; values < column.getNum_values(); ) {
      long left = columns.byteSize() - at;
      var bytes =
          ByteBufferInputStream.wrap(
              columns.asSlice(at, Math.min(left, MAX_HEADER_BYTES)).asByteBuffer());
      PageHeader header = read(bytes, at);
      long sizeBytes = size(header, left - bytes.position(), at);
      int count = values(header, at);
      values += count;
      if (values > column.getNum_values())
        throw absurd("%,d of %,d values".formatted(count, column.getNum_values()), at);
      largest = Math.max(largest, sizeBytes);
      others += BYTES_PER_PAGE + dictionary(header, sizeBytes);
      plain += sizeBytes;
      at += bytes.position() + header.getCompressed_page_size();
    }
    return new Cost(largest + others, plain);
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

  /** Bytes of a page in memory. */
  private long size(PageHeader header, long left, long at) throws UnreadableFile {
    int stored = header.getCompressed_page_size();
    if (stored < 0 || stored > left) throw absurd("%,d bytes".formatted(stored), at);
    int plain = header.getUncompressed_page_size();
    if (plain < 0 || plain > ParquetCodecs.MAX_PAGE_BYTES)
      throw absurd("%,d bytes, decompressed".formatted(plain), at);
    return Math.max(stored, plain);
  }

  /** Values of a page, by the header that the library looks at. */
  private int values(PageHeader header, long at) throws UnreadableFile {
    int values =
        switch (present(header.getType(), at)) {
          case DATA_PAGE -> present(header.getData_page_header(), at).getNum_values();
          case DATA_PAGE_V2 -> values(present(header.getData_page_header_v2(), at), header, at);
          case DICTIONARY_PAGE, INDEX_PAGE -> 0;
        };
    if (values < 0) throw absurd("%,d values".formatted(values), at);
    return values;
  }

  private int values(DataPageHeaderV2 page, PageHeader header, long at) throws UnreadableFile {
    int repetition = page.getRepetition_levels_byte_length();
    int definition = page.getDefinition_levels_byte_length();
    if (repetition < 0
        || definition < 0
        || (long) repetition + definition > header.getCompressed_page_size())
      throw absurd("%,d and %,d bytes of levels".formatted(repetition, definition), at);
    return page.getNum_values();
  }

  /** Bytes of a dictionary in memory: the page, its entries, and what they were last read as. */
  private static long dictionary(PageHeader header, long sizeBytes) {
    DictionaryPageHeader dictionary = header.getDictionary_page_header();
    if (dictionary == null) return 0;
    return 2 * sizeBytes + BYTES_PER_ENTRY * Math.max(0L, dictionary.getNum_values());
  }

  private <T> T present(@Nullable T part, long at) throws UnreadableFile {
    if (part == null) throw absurd("no values", at);
    return part;
  }

  private UnreadableFile absurd(String what, long at) {
    return UnreadableFile.damaged(
        "the page at byte %,d of its column %s would have %s".formatted(at, name, what));
  }
}
