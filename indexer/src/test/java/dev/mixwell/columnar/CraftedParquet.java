package dev.mixwell.columnar;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** A Parquet file put together page by page, with whatever its headers are to say. */
final class CraftedParquet {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<SchemaElement> schema = new ArrayList<>();
  private final List<RowGroup> groups = new ArrayList<>();
  private String writer = "crafted version 1.0.0";

  record Page(PageHeader header, byte[] bytes) {}

  CraftedParquet() {
    bytes.writeBytes(magic());
    schema.add(new SchemaElement("root"));
  }

  private static byte[] magic() {
    return "PAR1".getBytes(StandardCharsets.US_ASCII);
  }

  CraftedParquet writtenBy(String name) {
    writer = name;
    return this;
  }

  CraftedParquet group(long rows) {
    groups.add(new RowGroup(new ArrayList<>(), 0, rows));
    return this;
  }

  /** A column of the last row group. */
  CraftedParquet column(SchemaElement element, CompressionCodec codec, long values, Page... pages)
      throws IOException {
    if (schema.stream().noneMatch(e -> e.getName().equals(element.getName()))) schema.add(element);
    int from = bytes.size();
    boolean hasDictionary = pages[0].header.isSetDictionary_page_header();
    int data = from;
    for (Page page : pages) {
      Util.writePageHeader(page.header, bytes);
      bytes.writeBytes(page.bytes);
      if (page.header.isSetDictionary_page_header()) data = bytes.size();
    }
    var meta =
        new ColumnMetaData(
            element.getType(),
            List.of(Encoding.PLAIN),
            List.of(element.getName()),
            codec,
            values,
            0,
            bytes.size() - from,
            data);
    if (hasDictionary) meta.setDictionary_page_offset(from);
    groups.getLast().addToColumns(new ColumnChunk(0).setMeta_data(meta));
    return this;
  }

  Path write(Path file) throws IOException {
    schema.getFirst().setNum_children(schema.size() - 1);
    int end = bytes.size();
    var footer = new FileMetaData(1, schema, 0, groups).setCreated_by(writer);
    Util.writeFileMetaData(footer, bytes);
    var tail = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.size() - end);
    bytes.writeBytes(tail.put(magic()).array());
    return Files.write(file, bytes.toByteArray());
  }

  static SchemaElement text(String name) {
    return new SchemaElement(name)
        .setType(Type.BYTE_ARRAY)
        .setRepetition_type(FieldRepetitionType.REQUIRED)
        .setLogicalType(LogicalType.STRING(new StringType()));
  }

  static SchemaElement number(String name) {
    return new SchemaElement(name)
        .setType(Type.INT32)
        .setRepetition_type(FieldRepetitionType.REQUIRED);
  }

  static SchemaElement repeated(SchemaElement element) {
    return element.setRepetition_type(FieldRepetitionType.REPEATED);
  }

  static Page data(Encoding encoding, int values, int plainBytes, byte[] stored) {
    var header = new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE);
    return new Page(
        new PageHeader(PageType.DATA_PAGE, plainBytes, stored.length).setData_page_header(header),
        stored);
  }

  static Page dictionary(int values, int plainBytes, byte[] stored) {
    var header = new DictionaryPageHeader(values, Encoding.PLAIN);
    return new Page(
        new PageHeader(PageType.DICTIONARY_PAGE, plainBytes, stored.length)
            .setDictionary_page_header(header),
        stored);
  }

  static byte[] zstd(byte[] plain) {
    return Zstd.compress(plain, 3);
  }

  /** Runs of equal values in one byte each: value, length, value, length ... */
  static byte[] runs(int... valuesAndLengths) {
    var runs = new ByteArrayOutputStream();
    for (int i = 0; i < valuesAndLengths.length; i += 2) {
      varint(runs, 2L * valuesAndLengths[i + 1]);
      runs.write(valuesAndLengths[i]);
    }
    return runs.toByteArray();
  }

  static void varint(ByteArrayOutputStream out, long number) {
    for (; number > 0x7F; number >>>= 7) out.write((int) (number & 0x7F | 0x80));
    out.write((int) number);
  }

  /** Bytes behind their number. */
  static byte[] prefixed(byte[] some) {
    return ByteBuffer.allocate(Integer.BYTES + some.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(some.length)
        .put(some)
        .array();
  }

  static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) all.writeBytes(part);
    return all.toByteArray();
  }
}
