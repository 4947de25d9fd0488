package dev.mixwell.columnar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * What stands at the end of a Parquet file, compared with the file before the library reads it: the
 * library asks memory for as many things as a count says, and time for as many rows.
 */
final class ParquetFooter {
  static final byte[] MAGIC = {'P', 'A', 'R', '1'};
  static final byte[] ENCRYPTED = {'P', 'A', 'R', 'E'};

  private static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_ELEMENTS = 20_000;

  // Values that are all the same take next to no bytes, but somewhere a row has a document.
  private static final long FREE_ROWS = 1 << 16;
  private static final long ROWS_PER_BYTE = 1 << 10;
  private static final long FREE_VALUES = 1 << 22;
  private static final long VALUES_PER_BYTE = 1 << 8;

  private final FileMetaData data;
  private final long dataEnd;

  private ParquetFooter(FileMetaData data, long dataEnd) {
    this.data = data;
    this.dataEnd = dataEnd;
  }

  /** Reads it, and compares what needs no choice of columns. */
  static ParquetFooter read(Path file) throws UnreadableFile, IOException {
    try (var channel = Files.newByteChannel(file)) {
      long sizeBytes = channel.size();
      byte[] footer = bytes(channel, sizeBytes);
      var read = new ParquetFooter(parse(footer), sizeBytes - TAIL_BYTES - footer.length);
      read.checkSchema();
      read.checkChunks();
      return read;
    }
  }

  private static byte[] bytes(SeekableByteChannel channel, long sizeBytes)
      throws UnreadableFile, IOException {
    if (sizeBytes < TAIL_BYTES + MAGIC.length)
      throw UnreadableFile.damaged("it has only %,d bytes".formatted(sizeBytes));
    ByteBuffer tail = read(channel, sizeBytes - TAIL_BYTES, TAIL_BYTES);
    byte[] magic = Arrays.copyOfRange(tail.array(), Integer.BYTES, TAIL_BYTES);
    if (Arrays.equals(magic, ENCRYPTED))
      throw UnreadableFile.unsupported("its footer is encrypted");
    if (!Arrays.equals(magic, MAGIC)) throw UnreadableFile.damaged("it does not end with PAR1");
    int footerBytes = tail.getInt(0);
    long room = sizeBytes - TAIL_BYTES - MAGIC.length;
    if (footerBytes < 0 || footerBytes > room)
      throw UnreadableFile.damaged("its footer would have %,d bytes".formatted(footerBytes));
    return read(channel, sizeBytes - TAIL_BYTES - footerBytes, footerBytes).array();
  }

  private static ByteBuffer read(SeekableByteChannel channel, long at, int length)
      throws UnreadableFile, IOException {
    var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(at);
    while (bytes.hasRemaining())
      if (channel.read(bytes) < 0) throw UnreadableFile.damaged("it became shorter");
    return bytes;
  }

  private static FileMetaData parse(byte[] footer) throws UnreadableFile {
    var data = new FileMetaData();
    try {
      data.read(new Bounded(new ByteArrayInputStream(footer)));
      data.validate();
      return data;
    } catch (TException e) {
      throw UnreadableFile.damaged("its footer cannot be read (" + e.getMessage() + ")");
    }
  }

  /**
   * Nothing is longer than what is left of the bytes; each element of a list takes one at least.
   */
  private static final class Bounded extends TCompactProtocol {
    private final ByteArrayInputStream bytes;

    Bounded(ByteArrayInputStream bytes) throws TException {
      super(
          new TIOStreamTransport(
              TConfiguration.custom().setMaxMessageSize(Math.max(1, bytes.available())).build(),
              bytes));
      this.bytes = bytes;
    }

    @Override
    public TList readListBegin() throws TException {
      TList list = super.readListBegin();
      if (list.size > bytes.available())
        throw new TException(
            "a list would have %,d elements in %,d bytes".formatted(list.size, bytes.available()));
      return list;
    }
  }

  private void checkSchema() throws UnreadableFile {
    List<SchemaElement> elements = present(data.getSchema());
    if (elements.size() > MAX_ELEMENTS)
      throw UnreadableFile.unsupported("its schema has %,d elements".formatted(elements.size()));
    Deque<Integer> left = new ArrayDeque<>(); // children that are still to come, by depth
    for (SchemaElement element : elements) {
      if (!left.isEmpty()) left.push(left.pop() - 1);
      if (element.getNum_children() > 0) left.push(element.getNum_children());
      else while (!left.isEmpty() && left.peek() <= 0) left.pop();
      if (left.size() > MAX_DEPTH)
        throw UnreadableFile.unsupported("its schema is more than %d deep".formatted(MAX_DEPTH));
    }
  }

  private void checkChunks() throws UnreadableFile {
    long allBytes = 0;
    for (RowGroup group : present(data.getRow_groups())) {
      long groupBytes = 0;
      for (ColumnChunk chunk : present(group.getColumns())) {
        ColumnMetaData column = column(chunk);
        long from = column.getData_page_offset();
        if (column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0)
          from = Math.min(from, column.getDictionary_page_offset());
        long sizeBytes = column.getTotal_compressed_size();
        if (from < 0 || sizeBytes < 0 || from > dataEnd || sizeBytes > dataEnd - from)
          throw UnreadableFile.damaged(
              "its column %s would have %,d bytes from byte %,d on, where %,d bytes hold all columns"
                  .formatted(name(column), sizeBytes, from, dataEnd));
        groupBytes += sizeBytes;
      }
      allBytes += groupBytes;
      if (allBytes > dataEnd) throw UnreadableFile.damaged("its columns overlap");
      long rows = group.getNum_rows();
      if (rows < 0 || rows > FREE_ROWS + ROWS_PER_BYTE * groupBytes)
        throw UnreadableFile.damaged(
            "a row group would have %,d rows in %,d bytes".formatted(rows, groupBytes));
    }
  }

  /** Compares how many values the columns have, which are to be read. */
  void checkValues(List<ColumnDescriptor> columns) throws UnreadableFile {
    Set<List<String>> flat = new HashSet<>();
    Set<List<String>> repeated = new HashSet<>();
    for (ColumnDescriptor column : columns)
      (column.getMaxRepetitionLevel() == 0 ? flat : repeated).add(List.of(column.getPath()));
    for (RowGroup group : present(data.getRow_groups()))
      for (ColumnChunk chunk : present(group.getColumns())) {
        ColumnMetaData column = column(chunk);
        long values = column.getNum_values();
        long bound = FREE_VALUES + VALUES_PER_BYTE * column.getTotal_compressed_size();
        boolean isRight =
            flat.contains(column.getPath_in_schema())
                ? values == group.getNum_rows()
                : !repeated.contains(column.getPath_in_schema())
                    || (values >= group.getNum_rows() && values <= bound);
        if (!isRight)
          throw UnreadableFile.damaged(
              "its column %s would have %,d values in %,d rows and %,d bytes"
                  .formatted(
                      name(column),
                      values,
                      group.getNum_rows(),
                      column.getTotal_compressed_size()));
      }
  }

  private static ColumnMetaData column(ColumnChunk chunk) throws UnreadableFile {
    ColumnMetaData column = chunk.getMeta_data();
    if (column == null) throw UnreadableFile.unsupported("its columns are encrypted");
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
