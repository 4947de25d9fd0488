package dev.mixwell.columnar;

import static dev.mixwell.columnar.CraftedParquet.data;
import static dev.mixwell.columnar.CraftedParquet.dictionary;
import static dev.mixwell.columnar.CraftedParquet.joined;
import static dev.mixwell.columnar.CraftedParquet.number;
import static dev.mixwell.columnar.CraftedParquet.prefixed;
import static dev.mixwell.columnar.CraftedParquet.repeated;
import static dev.mixwell.columnar.CraftedParquet.runs;
import static dev.mixwell.columnar.CraftedParquet.text;
import static dev.mixwell.columnar.CraftedParquet.zstd;
import static org.apache.parquet.format.CompressionCodec.GZIP;
import static org.apache.parquet.format.CompressionCodec.LZ4_RAW;
import static org.apache.parquet.format.CompressionCodec.UNCOMPRESSED;
import static org.apache.parquet.format.CompressionCodec.ZSTD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.mixwell.metadata.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small files that ask for much, each refused after little. */
final class ParquetBoundsTest {
  private static final int MIB = 1 << 20;
  private static final long MAX_ALLOCATED = 400L * MIB; // all together, garbage too
  private static final byte[] HI = {2, 0, 0, 0, 'h', 'i'};

  @TempDir Path directory;

  @Test
  void craftedFilesAreReadIfNothingIsWrong() throws Exception {
    Path file =
        new CraftedParquet()
            .group(3)
            .column(
                text("text"),
                ZSTD,
                3,
                dictionary(1, HI.length, zstd(HI)),
                data(Encoding.RLE_DICTIONARY, 3, 3, zstd(joined(new byte[] {1}, runs(0, 3)))))
            .column(repeated(text("tags")), UNCOMPRESSED, 4, dictionary(1, 6, HI), tags(3, 4))
            .write(directory.resolve("x"));
    var rows = new Counting();
    ParquetRows.read(file, null, "id", rows);
    assertEquals(3, rows.count);
    assertEquals(2, rows.values);
  }

  /** A page of lists of the same text; the last row has what the others leave. */
  private static CraftedParquet.Page tags(int rows, int values) {
    byte[] bytes =
        joined(
            prefixed(runs(0, rows, 1, values - rows)),
            prefixed(runs(1, values)),
            new byte[] {1},
            runs(0, values));
    return data(Encoding.RLE_DICTIONARY, values, bytes.length, bytes);
  }

  @Test
  void pagesHideNoneBehindAnotherType() throws Exception {
    CraftedParquet.Page page = data(Encoding.PLAIN, 1, HI.length, HI);
    page.header().setType(PageType.INDEX_PAGE);
    var hidden = data(Encoding.PLAIN, 1, HI.length, HI);
    hidden.header().setCompressed_page_size(Integer.MAX_VALUE);
    assertRefused("2,147,483,647 bytes", 1, text("text"), UNCOMPRESSED, 1, page, hidden);
    var both = data(Encoding.PLAIN, 1, HI.length, HI);
    PageHeader header = both.header();
    header.setData_page_header_v2(new DataPageHeaderV2(2, 0, 2, Encoding.PLAIN, 0, 0));
    assertRefused("2,147,483,647 bytes", 2, text("text"), UNCOMPRESSED, 2, both, hidden);
  }

  @Test
  void numbersHaveNoMoreBytesThanTheirType() throws Exception {
    var run = new ByteArrayOutputStream();
    run.write(1); // bits of a value
    run.write(0x81);
    for (int i = 0; i < 7; i++) run.write(0x80);
    run.write(0x1F); // at bit 56, which is 24 for an int
    byte[] long1 = run.toByteArray();
    assertRefused(
        "a number of more than",
        1,
        text("text"),
        UNCOMPRESSED,
        1,
        dictionary(1, HI.length, HI),
        data(Encoding.RLE_DICTIONARY, 1, long1.length, long1));
  }

  @Test
  void blocksOfDifferencesHaveNoMorePartsThanValues() throws Exception {
    var page = new ByteArrayOutputStream();
    for (long number : new long[] {128, Integer.MAX_VALUE, 1, 0})
      CraftedParquet.varint(page, number);
    byte[] bytes = page.toByteArray();
    assertRefused(
        "differences are in 2,147,483,647 parts",
        1,
        text("text"),
        UNCOMPRESSED,
        1,
        data(Encoding.DELTA_LENGTH_BYTE_ARRAY, 1, bytes.length, bytes));
  }

  @Test
  void pagesAreAsLongAsTheySay() throws Exception {
    assertRefused(
        "a dictionary would have",
        1,
        text("text"),
        UNCOMPRESSED,
        1,
        dictionary(1 << 20, 60 * MIB, HI),
        data(Encoding.RLE_DICTIONARY, 1, 3, joined(new byte[] {1}, runs(0, 1))));
    byte[] few = new byte[40];
    assertRefused(
        "40 bytes of a page would be",
        1,
        text("text"),
        LZ4_RAW,
        1,
        data(Encoding.PLAIN, 1, 200 * MIB, few));
    byte[] frame = zstd(HI);
    assertRefused(
        "bytes of a page would be",
        1,
        text("text"),
        ZSTD,
        1,
        data(Encoding.PLAIN, 1, 200 * MIB, frame));
  }

  @Test
  void pagesOfSeveralColumnsFitMemoryTogether() throws Exception {
    byte[] zeros = zstd(new byte[100 * MIB]);
    var file = new CraftedParquet().group(1);
    for (String name : "text a b c d e f g h i j k".split(" "))
      file.column(text(name), ZSTD, 1, data(Encoding.PLAIN, 1, 100 * MIB, zeros));
    assertRefused("at once", file);
  }

  @Test
  void allPagesTogetherAreNotManyTimesTheFile() throws Exception {
    byte[] zeros = zstd(joined(prefixed(new byte[20 * MIB])));
    var pages = new CraftedParquet.Page[60];
    Arrays.fill(pages, data(Encoding.PLAIN, 1, 20 * MIB + 4, zeros));
    assertRefused("decompressed", 60, text("text"), ZSTD, 60, pages);
  }

  @Test
  void dictionariesOfEmptyTextsFitMemory() throws Exception {
    assertRefused(
        "at once",
        1,
        text("text"),
        ZSTD,
        1,
        dictionary(50 * MIB, 200 * MIB, zstd(new byte[200 * MIB])),
        data(Encoding.RLE_DICTIONARY, 1, 3, zstd(joined(new byte[] {1}, runs(0, 1)))));
  }

  @Test
  void textsOfARowFitMemory() throws Exception {
    byte[] word = prefixed(new byte[64 << 10]);
    var file =
        new CraftedParquet()
            .group(1)
            .column(text("text"), UNCOMPRESSED, 1, data(Encoding.PLAIN, 1, HI.length, HI))
            .column(
                repeated(text("tags")),
                UNCOMPRESSED,
                1 << 20,
                dictionary(1, word.length, word),
                tags(1, 1 << 20));
    assertRefused("a row of it", file);
  }

  @Test
  void aTextFitsMemory() throws Exception {
    byte[] plain = prefixed(new byte[200 * MIB]);
    byte[] stored = zstd(plain);
    var first = data(Encoding.PLAIN, 1, plain.length, stored);
    assertRefused("a row of it", 1, text("text"), ZSTD, 1, first);
    var second = new PageHeader(PageType.DATA_PAGE_V2, plain.length, stored.length);
    second.setData_page_header_v2(new DataPageHeaderV2(1, 0, 1, Encoding.PLAIN, 0, 0));
    var page = new CraftedParquet.Page(second, stored);
    assertRefused("a row of it", 1, text("text"), ZSTD, 1, page);
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    first = data(Encoding.PLAIN, 1, plain.length, gzip.toByteArray());
    assertRefused("a row of it", 1, text("text"), GZIP, 1, first);
  }

  @Test
  void textsOfAllRowsAreNotManyTimesTheFile() throws Exception {
    byte[] word = prefixed(new byte[64 << 10]);
    byte[] same = joined(new byte[] {1}, runs(0, 60_000));
    assertRefused(
        "its rows hold more",
        60_000,
        text("text"),
        UNCOMPRESSED,
        60_000,
        dictionary(1, word.length, word),
        data(Encoding.RLE_DICTIONARY, 60_000, same.length, same));
  }

  @Test
  void rowsOfAllGroupsAreCounted() throws Exception {
    var file = new CraftedParquet();
    byte[] same = joined(new byte[] {1}, runs(0, 60_000));
    for (int group = 0; group < 200; group++)
      file.group(60_000)
          .column(
              text("text"),
              UNCOMPRESSED,
              60_000,
              dictionary(1, HI.length, HI),
              data(Encoding.RLE_DICTIONARY, 60_000, same.length, same));
    assertRefused("12,000,000 rows in", file);
  }

  @Test
  void valuesOfAllColumnsAreCounted() throws Exception {
    var file = new CraftedParquet().group(60_000);
    byte[] same = joined(new byte[] {1}, runs(0, 60_000));
    byte[] zero = new byte[Integer.BYTES];
    file.column(
        text("text"),
        UNCOMPRESSED,
        60_000,
        dictionary(1, HI.length, HI),
        data(Encoding.RLE_DICTIONARY, 60_000, same.length, same));
    for (int column = 0; column < 2_000; column++)
      file.column(
          number("n" + column),
          UNCOMPRESSED,
          60_000,
          dictionary(1, 4, zero),
          data(Encoding.RLE_DICTIONARY, 60_000, same.length, same));
    assertRefused("values in", file);
  }

  @Test
  @Timeout(10)
  void theWritersNameIsNotParsedForLong() throws Exception {
    for (String name :
        new String[] {
          " ".repeat(100_000), "a version" + " ".repeat(80) + "(build" + " ".repeat(80)
        }) {
      Path file =
          new CraftedParquet()
              .writtenBy(name)
              .group(1)
              .column(text("text"), UNCOMPRESSED, 1, data(Encoding.PLAIN, 1, HI.length, HI))
              .write(directory.resolve("x"));
      var rows = new Counting();
      ParquetRows.read(file, null, "id", rows);
      assertEquals(1, rows.count);
    }
  }

  @Test
  void valuesOfFixedLengthAreNotLong() throws Exception {
    SchemaElement wide =
        number("n").setType(Type.FIXED_LEN_BYTE_ARRAY).setType_length(Integer.MAX_VALUE);
    var file =
        new CraftedParquet()
            .group(1)
            .column(text("text"), UNCOMPRESSED, 1, data(Encoding.PLAIN, 1, HI.length, HI))
            .column(wide, UNCOMPRESSED, 1, data(Encoding.PLAIN, 1, HI.length, HI));
    assertRefused("values of 2,147,483,647 bytes", file);
  }

  @Test
  void textsLieInTheirPage() throws Exception {
    byte[] beyond = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(1 << 30).array();
    assertRefused(
        "a text would have 1,073,741,824 bytes",
        1,
        text("text"),
        UNCOMPRESSED,
        1,
        data(Encoding.PLAIN, 1, beyond.length, beyond));
  }

  private void assertRefused(
      String what,
      long rows,
      SchemaElement column,
      CompressionCodec codec,
      long values,
      CraftedParquet.Page... pages)
      throws IOException {
    assertRefused(what, new CraftedParquet().group(rows).column(column, codec, values, pages));
  }

  private void assertRefused(String what, CraftedParquet crafted) throws IOException {
    Path file = crafted.write(directory.resolve("x"));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    UnreadableFile refused =
        assertThrows(
            UnreadableFile.class, () -> ParquetRows.read(file, null, "id", new Counting()));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(refused.what().contains(what), refused.what());
    assertTrue(allocated < MAX_ALLOCATED, "allocated %,d bytes".formatted(allocated));
  }

  private static final class Counting implements RowVisitor {
    private int count;
    private int values;

    @Override
    public void tokens(int[] tokens, @Nullable String id, Metadata metadata) {
      count++;
    }

    @Override
    public void tokensAt(long atByte, long lengthTokens, @Nullable String id, Metadata metadata) {
      throw new AssertionError("Parquet is decoded");
    }

    @Override
    public void text(String text, @Nullable String id, Metadata metadata) {
      count++;
      values = metadata.values().getOrDefault("tags", List.of()).size();
    }

    @Override
    public void absent() {
      count++;
    }
  }
}
