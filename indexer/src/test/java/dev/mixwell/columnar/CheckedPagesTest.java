package dev.mixwell.columnar;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;

/** What the library's own encoders write passes; the same with one count changed does not. */
final class CheckedPagesTest {
  private static final int COUNT = 1_000;
  private static final ByteBufferAllocator ALLOCATOR = new HeapByteBufferAllocator();
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message m { required int32 i; optional int32 o; required binary t; }");
  private static final ColumnDescriptor REQUIRED = SCHEMA.getColumnDescription(new String[] {"i"});
  private static final ColumnDescriptor OPTIONAL = SCHEMA.getColumnDescription(new String[] {"o"});

  private static final ColumnDescriptor TEXT = SCHEMA.getColumnDescription(new String[] {"t"});

  @Test
  void differencesAreAsManyAsThePageHasValues() throws Exception {
    var writer = new DeltaBinaryPackingValuesWriterForInteger(100, 1 << 16, ALLOCATOR);
    for (int i = 0; i < COUNT; i++) writer.writeInteger(i * i % 977);
    byte[] bytes = writer.getBytes().toByteArray();
    assertNotNull(read(REQUIRED, v1(bytes, COUNT, Encoding.DELTA_BINARY_PACKED)));
    assertAbsurd(v1(bytes, COUNT - 1, Encoding.DELTA_BINARY_PACKED), "1,000 values");
  }

  @Test
  void theSecondDifferencesOfATextAreFound() throws Exception {
    ValuesWriter writer = new DeltaByteArrayWriter(100, 1 << 16, ALLOCATOR);
    for (int i = 0; i < COUNT; i++) writer.writeBytes(Binary.fromString("text " + i));
    byte[] bytes = writer.getBytes().toByteArray();
    assertNotNull(read(REQUIRED, v1(bytes, COUNT, Encoding.DELTA_BYTE_ARRAY)));
    int first = indexOf(bytes, 0);
    int second = indexOf(bytes, first + 1);
    byte[] changed = bytes.clone();
    changed[second + 4] = 0x0F; // E8 07 is 1,000
    assertAbsurd(v1(changed, COUNT, Encoding.DELTA_BYTE_ARRAY), "2,024 values");
  }

  /** Of the next header of differences: blocks of 128 in 4 parts. */
  private static int indexOf(byte[] bytes, int from) {
    for (int i = from; i + 4 < bytes.length; i++)
      if (bytes[i] == (byte) 0x80
          && bytes[i + 1] == 1
          && bytes[i + 2] == 4
          && bytes[i + 3] == (byte) 0xE8) return i;
    throw new AssertionError("no differences");
  }

  @Test
  void packedRunsAreNoLongerThanThePage() throws Exception {
    byte[] levels = runs(i -> i % 3 == 0 ? 0 : 1);
    assertNotNull(read(OPTIONAL, v2(levels, new byte[0])));
    byte[] long1 = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
    assertAbsurd(v2(long1, new byte[0]), "a run would have 17,179,869,176 values");
    byte[] dictionary = {4, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
    assertAbsurd(v1(dictionary, COUNT, Encoding.RLE_DICTIONARY), "a run would have");
  }

  @Test
  void dictionariesAreNoLongerThanTheirBytes() {
    var page = new DictionaryPage(BytesInput.from(new byte[40]), Integer.MAX_VALUE, Encoding.PLAIN);
    var reader = checked(new OnePage(null, page)).getPageReader(REQUIRED);
    var refused = assertThrows(ParquetDecodingException.class, reader::readDictionaryPage);
    assertTrue(refused.getMessage().contains("a dictionary would have"), refused.getMessage());
    var right = new DictionaryPage(BytesInput.from(new byte[40]), 10, Encoding.PLAIN);
    assertNotNull(checked(new OnePage(null, right)).getPageReader(REQUIRED).readDictionaryPage());
  }

  @Test
  void textsOfADictionaryLieInIt() {
    byte[] bytes = {2, 0, 0, 0, 'h', 'i', 3, 0, 0, 0, 'a', 'b', 'c'};
    assertNotNull(dictionary(bytes));
    bytes[9] = 0x7F;
    var refused = assertThrows(ParquetDecodingException.class, () -> dictionary(bytes));
    assertTrue(refused.getMessage().contains("a text would have 2,130,706"), refused.getMessage());
  }

  private static DictionaryPage dictionary(byte[] bytes) {
    var page = new DictionaryPage(BytesInput.from(bytes), 2, Encoding.PLAIN);
    return checked(new OnePage(null, page)).getPageReader(TEXT).readDictionaryPage();
  }

  @Test
  void noTextBeginsWithMoreThanTheOneBefore() throws Exception {
    ValuesWriter writer = new DeltaByteArrayWriter(100, 1 << 16, ALLOCATOR);
    for (int i = 0; i < COUNT; i++) writer.writeBytes(Binary.fromString("text " + i));
    byte[] bytes = writer.getBytes().toByteArray();
    bytes[5] = 0x7E; // the first one, as a zigzag number: 63
    assertAbsurd(
        v1(bytes, COUNT, Encoding.DELTA_BYTE_ARRAY), "a beginning of a text would have 63");
  }

  private static CheckedPages checked(OnePage page) {
    return new CheckedPages(page, 1 << 20);
  }

  private interface Level {
    int at(int index);
  }

  private static byte[] runs(Level level) throws Exception {
    try (var encoder = new RunLengthBitPackingHybridEncoder(1, 100, 1 << 16, ALLOCATOR)) {
      for (int i = 0; i < COUNT; i++) encoder.writeInt(level.at(i));
      var out = new ByteArrayOutputStream();
      encoder.toBytes().writeAllTo(out);
      return out.toByteArray();
    }
  }

  private static DataPage v1(byte[] bytes, int count, Encoding encoding) {
    Statistics<?> none = Statistics.noopStats(REQUIRED.getPrimitiveType());
    return new DataPageV1(
        BytesInput.from(bytes), count, bytes.length, none, Encoding.RLE, Encoding.RLE, encoding);
  }

  private static DataPage v2(byte[] levels, byte[] values) {
    return DataPageV2.uncompressed(
        COUNT,
        0,
        COUNT,
        BytesInput.empty(),
        BytesInput.from(levels),
        Encoding.PLAIN,
        BytesInput.from(values),
        Statistics.noopStats(OPTIONAL.getPrimitiveType()));
  }

  private static DataPage read(ColumnDescriptor column, DataPage page) {
    return checked(new OnePage(page, null)).getPageReader(column).readPage();
  }

  private static void assertAbsurd(DataPage page, String what) {
    ColumnDescriptor column = page instanceof DataPageV2 ? OPTIONAL : REQUIRED;
    var refused = assertThrows(ParquetDecodingException.class, () -> read(column, page));
    assertTrue(refused.getMessage().contains(what), refused.getMessage());
  }

  private record OnePage(DataPage page, DictionaryPage dictionary)
      implements PageReadStore, PageReader {
    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
      return this;
    }

    @Override
    public long getRowCount() {
      return COUNT;
    }

    @Override
    public void close() {}

    @Override
    public DictionaryPage readDictionaryPage() {
      return dictionary;
    }

    @Override
    public long getTotalValueCount() {
      return COUNT;
    }

    @Override
    public DataPage readPage() {
      return page;
    }
  }
}
