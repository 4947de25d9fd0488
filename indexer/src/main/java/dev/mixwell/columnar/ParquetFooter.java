package dev.mixwell.columnar;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TException;

/**
 * What stands at the end of a Parquet file, compared with the file before the library reads it: the
 * library asks memory for as many things as a count says, and time for as many rows.
 */
final class ParquetFooter {
  static final byte[] MAGIC = {'P', 'A', 'R', '1'};
  static final byte[] ENCRYPTED = {'P', 'A', 'R', 'E'};

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;
  private static final int MAX_FOOTER_BYTES = 1 << 24;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_ELEMENTS = 20_000;

  private static final int MAX_FIXED_BYTES = 1 << 20;
  private static final int MAX_WRITER_CHARS = 256;

  // Values that are all the same take next to no bytes, but somewhere a row has a document.
  private static final long FREE_ROWS = 1 << 20;
  private static final long ROWS_PER_BYTE = 1 << 7;
  private static final long FREE_VALUES = 1 << 22;
  private static final long VALUES_PER_BYTE = 1 << 8;

  // As much as deflate makes of a byte.
  private static final long FREE_PLAIN_BYTES = 1 << 28;
  private static final long PLAIN_PER_BYTE = 1 << 10;

  private final FileMetaData data;
  private final MemorySegment columns; // the file up to the footer

  private ParquetFooter(FileMetaData data, MemorySegment columns) {
    this.data = data;
    this.columns = columns;
  }

  /**
   * Reads it, and compares what needs no choice of columns.
   *
   * @param file all of it
   */
  static ParquetFooter read(MemorySegment file) throws UnreadableFile {
    if (file.byteSize() < TAIL_BYTES + MAGIC.length)
      throw UnreadableFile.damaged("it has only %,d bytes".formatted(file.byteSize()));
    long end = file.byteSize() - TAIL_BYTES;
    byte[] magic = bytes(file, end + Integer.BYTES, MAGIC.length);
    if (Arrays.equals(magic, ENCRYPTED))
      throw UnreadableFile.unsupported("its footer is encrypted");
    if (!Arrays.equals(magic, MAGIC)) throw UnreadableFile.damaged("it does not end with PAR1");
    int footerBytes = file.get(INT, end);
    if (footerBytes < 0 || footerBytes > end - MAGIC.length)
      throw UnreadableFile.damaged("its footer would have %,d bytes".formatted(footerBytes));
    if (footerBytes > MAX_FOOTER_BYTES)
      throw UnreadableFile.unsupported("its footer has %,d bytes".formatted(footerBytes));
    long start = end - footerBytes;
    var read = new ParquetFooter(parse(bytes(file, start, footerBytes)), file.asSlice(0, start));
    read.checkSchema();
    read.checkChunks();
    return read;
  }

  /** Of memory, for pages that are read at the same time. */
  static long maxAtOnceBytes() {
    return Math.max(ParquetCodecs.MAX_PAGE_BYTES, Runtime.getRuntime().maxMemory() / 4);
  }

  /** For the library, without what is not read. */
  ParquetMetadata checked() throws UnreadableFile {
    List<RowGroup> groups = present(data.getRow_groups());
    groups.removeIf(group -> group.getNum_rows() == 0);
    for (RowGroup group : groups)
      for (ColumnChunk chunk : present(group.getColumns())) column(chunk).unsetStatistics();
    String writer = data.getCreated_by();
    if (writer != null) data.setCreated_by(shortened(writer));
    try {
      return new ParquetMetadataConverter().fromParquetMetadata(data);
    } catch (IOException e) {
      throw ParquetFile.damaged(e);
    }
  }

  /** The library parses it with an expression that takes long for many blanks. */
  private static String shortened(String writer) {
    String blanks = writer.replaceAll("\\s+", " ");
    return blanks.substring(0, Math.min(blanks.length(), MAX_WRITER_CHARS));
  }

  private static byte[] bytes(MemorySegment file, long at, int length) {
    return file.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static FileMetaData parse(byte[] footer) throws UnreadableFile {
    var data = new FileMetaData();
    try {
      data.read(BoundedProtocol.of(footer));
      data.validate();
      return data;
    } catch (TException e) {
      throw UnreadableFile.damaged("its footer cannot be read (" + e.getMessage() + ")");
    }
  }

  private void checkSchema() throws UnreadableFile {
    List<SchemaElement> elements = present(data.getSchema());
    if (elements.size() > MAX_ELEMENTS)
      throw UnreadableFile.unsupported("its schema has %,d elements".formatted(elements.size()));
    Deque<Integer> left = new ArrayDeque<>(); // children that are still to come, by depth
    for (SchemaElement element : elements) {
      if (element.getType_length() > MAX_FIXED_BYTES)
        throw UnreadableFile.unsupported(
            "its column \"%s\" has values of %,d bytes"
                .formatted(element.getName(), element.getType_length()));
      if (!left.isEmpty()) left.push(left.pop() - 1);
      if (element.getNum_children() > 0) left.push(element.getNum_children());
      else while (!left.isEmpty() && left.peek() <= 0) left.pop();
      if (left.size() > MAX_DEPTH)
        throw UnreadableFile.unsupported("its schema is more than %d deep".formatted(MAX_DEPTH));
    }
  }

  private void checkChunks() throws UnreadableFile {
    long dataEnd = columns.byteSize();
    int most = present(data.getSchema()).size();
    long bytes = 0;
    long rows = 0;
    for (RowGroup group : present(data.getRow_groups())) {
      if (present(group.getColumns()).size() > most)
        throw UnreadableFile.damaged("a row group has more columns than there are");
      for (ColumnChunk chunk : present(group.getColumns())) {
        ColumnMetaData column = column(chunk);
        long from = firstByte(column);
        long sizeBytes = column.getTotal_compressed_size();
        if (from < 0 || sizeBytes < 0 || from > dataEnd || sizeBytes > dataEnd - from)
          throw UnreadableFile.damaged(
              "its column %s would have %,d bytes from byte %,d on, where %,d bytes hold all columns"
                  .formatted(name(column), sizeBytes, from, dataEnd));
        bytes += sizeBytes;
        if (bytes > dataEnd) throw UnreadableFile.damaged("its columns overlap");
      }
      if (group.getNum_rows() < 0 || group.getNum_rows() > Long.MAX_VALUE - rows)
        throw tooMany(group.getNum_rows(), bytes);
      rows += group.getNum_rows();
    }
    if (rows > FREE_ROWS + ROWS_PER_BYTE * bytes) throw tooMany(rows, bytes);
  }

  private static UnreadableFile tooMany(long rows, long bytes) {
    return UnreadableFile.damaged(
        "its row groups would have %,d rows in %,d bytes".formatted(rows, bytes));
  }

  /** Compares the counts of values and the pages of the columns that are to be read. */
  void check(List<ColumnDescriptor> chosen) throws UnreadableFile, IOException {
    var repeated = new LinkedHashMap<List<String>, Boolean>();
    for (ColumnDescriptor column : chosen)
      repeated.put(List.of(column.getPath()), column.getMaxRepetitionLevel() > 0);
    long values = 0;
    long plainBytes = 0;
    for (RowGroup group : present(data.getRow_groups())) {
      long atOnceBytes = 0;
      for (ColumnChunk chunk : present(group.getColumns())) {
        ColumnMetaData column = column(chunk);
        Boolean isRepeated = repeated.get(column.getPath_in_schema());
        if (isRepeated == null) continue;
        checkValues(group, column, isRepeated, values);
        values += column.getNum_values();
        var cost = new PageHeaders(columns, column, name(column)).check(firstByte(column));
        atOnceBytes += cost.atOnceBytes();
        plainBytes += cost.plainBytes();
      }
      checkMemory(atOnceBytes, plainBytes);
    }
  }

  private void checkValues(
      RowGroup group, ColumnMetaData column, boolean isRepeated, long valuesBefore)
      throws UnreadableFile {
    long rows = group.getNum_rows();
    long values = column.getNum_values();
    long most = FREE_VALUES + VALUES_PER_BYTE * columns.byteSize() - valuesBefore;
    if (values > most || (isRepeated ? values < rows : values != rows))
      throw UnreadableFile.damaged(
          "its column %s would have %,d values in %,d rows, where %,d bytes hold all columns"
              .formatted(name(column), values, rows, columns.byteSize()));
  }

  private void checkMemory(long atOnceBytes, long plainBytes) throws UnreadableFile {
    if (atOnceBytes > maxAtOnceBytes())
      throw UnreadableFile.unsupported(
          "pages of a row group take %,d bytes at once, where Java's memory allows for %,d"
              .formatted(atOnceBytes, maxAtOnceBytes()));
    if (plainBytes > FREE_PLAIN_BYTES + PLAIN_PER_BYTE * columns.byteSize())
      throw UnreadableFile.unsupported(
          "its %,d bytes would be %,d, decompressed".formatted(columns.byteSize(), plainBytes));
  }

  private static long firstByte(ColumnMetaData column) {
    long pages = column.getData_page_offset();
    long dictionary = column.getDictionary_page_offset(); // 0 is none
    return column.isSetDictionary_page_offset() && dictionary > 0
        ? Math.min(pages, dictionary)
        : pages;
  }

  private static ColumnMetaData column(ColumnChunk chunk) throws UnreadableFile {
    ColumnMetaData column = chunk.getMeta_data();
    if (column == null || chunk.isSetCrypto_metadata())
      throw UnreadableFile.unsupported("its columns are encrypted");
    if (chunk.isSetFile_path()) throw UnreadableFile.unsupported("its columns are in other files");
    return column;
  }

  private static <T> T present(@Nullable T part) throws UnreadableFile {
    if (part == null) throw UnreadableFile.damaged("its footer lacks a part");
    return part;
  }

  private static String name(ColumnMetaData column) {
    return "\"" + String.join(".", column.getPath_in_schema()) + "\"";
  }
}
