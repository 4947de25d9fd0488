package dev.mixwell.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.Samples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Footers of a real file with one count or length changed. */
final class ParquetFileTest {
  private static final int TAIL_BYTES = 8;

  @TempDir Path directory;

  @Test
  void rowsOfARealFileAreRead() throws Exception {
    assertTrue(rows(changed(_ -> {})) > 0);
  }

  @Test
  void rowsThatNoBytesHoldAreRefused() throws IOException {
    assertDamaged(
        changed(f -> f.getRow_groups().getFirst().setNum_rows(1L << 40)), "would have 1,099,511");
    assertDamaged(changed(f -> f.getRow_groups().getFirst().setNum_rows(-1)), "would have -1 rows");
  }

  @Test
  void valuesThatNoBytesHoldAreRefused() throws IOException {
    assertDamaged(changed(f -> columnOf(f).setNum_values(1L << 40)), "values in");
  }

  @Test
  void columnsOutsideTheFileAreRefused() throws IOException {
    assertDamaged(
        changed(f -> columnOf(f).setTotal_compressed_size(1L << 40)), "1,099,511,627,776 bytes");
    assertDamaged(changed(f -> columnOf(f).setData_page_offset(-5)), "from byte -5");
  }

  @Test
  void columnsThatOverlapAreRefused() throws IOException {
    assertDamaged(
        changed(
            f -> {
              for (var chunk : f.getRow_groups().getFirst().getColumns()) {
                chunk.getMeta_data().unsetDictionary_page_offset();
                chunk.getMeta_data().setData_page_offset(4).setTotal_compressed_size(5_000);
              }
            }),
        "overlap");
  }

  @Test
  void columnsThatNoSchemaHasAreRefused() throws IOException {
    assertDamaged(
        changed(
            f -> {
              var group = f.getRow_groups().getFirst();
              for (int i = 0; i < 1_000; i++)
                group.addToColumns(group.getColumns().getFirst().deepCopy());
            }),
        "a row group has more columns");
  }

  @Test
  void listsThatNoBytesHoldAreRefused() throws IOException {
    // version 1; a schema of 2^31 - 1 structures
    byte[] footer = {
      0x15, 0x02, 0x19, (byte) 0xFC, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07
    };
    assertDamaged(file(footer), "a list would have 2,147,483,647 elements");
  }

  @Test
  void schemasOfManyLevelsAreRefused() throws IOException {
    Path deep =
        changed(
            f -> {
              SchemaElement root = f.getSchema().getFirst();
              f.getSchema().clear();
              for (int i = 0; i < 5_000; i++) f.addToSchema(root.deepCopy().setNum_children(1));
            });
    assertEquals("its schema is more than 32 deep", refused(deep).what());
  }

  @Test
  void pagesOutsideTheirColumnAreRefused() throws IOException {
    Path file = changed(_ -> {});
    byte[] bytes = Files.readAllBytes(file);
    var footer = Util.readFileMetaData(new ByteArrayInputStream(footer(bytes)));
    ColumnMetaData column = columnOf(footer);
    int at = (int) column.getData_page_offset();
    if (column.isSetDictionary_page_offset()) at = (int) column.getDictionary_page_offset();
    var in = new ByteArrayInputStream(bytes, at, bytes.length - at);
    var header = Util.readPageHeader(in);
    for (int[] sizes :
        new int[][] {{Integer.MAX_VALUE, 10}, {-1, 10}, {10, Integer.MAX_VALUE}, {10, -1}}) {
      var written = new ByteArrayOutputStream();
      written.write(bytes, 0, at);
      header.setCompressed_page_size(sizes[0]);
      header.setUncompressed_page_size(sizes[1]);
      Util.writePageHeader(header, written);
      written.write(bytes, written.size(), bytes.length - written.size());
      assertDamaged(Files.write(file, written.toByteArray()), "the page at byte");
    }
  }

  @Test
  void whatHappensToWhoTakesRowsIsNoDamage() throws IOException {
    Path file = Samples.folder("metadata/rows.parquet");
    var full = new IOException("No space left on device");
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                ParquetLabels.read(
                    file,
                    "id",
                    (_, _) -> {
                      throw full;
                    }));
    assertSame(full, thrown);
  }

  private static ColumnMetaData columnOf(FileMetaData footer) {
    return footer.getRow_groups().getFirst().getColumns().stream()
        .map(c -> c.getMeta_data())
        .filter(c -> c.getPath_in_schema().getFirst().equals("input_ids"))
        .findFirst()
        .orElseThrow();
  }

  private static Path sample() throws IOException {
    try (var files = Files.walk(Samples.folder("parquet"))) {
      return files
          .filter(f -> f.getParent().endsWith("zstd_plain_v2"))
          .filter(f -> f.toString().endsWith(".parquet"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The sample with its footer changed. */
  private Path changed(Consumer<FileMetaData> change) throws IOException {
    byte[] bytes = Files.readAllBytes(sample());
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(footer(bytes)));
    change.accept(footer);
    var written = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, written);
    return file(written.toByteArray());
  }

  private static byte[] footer(byte[] bytes) {
    int end = bytes.length - TAIL_BYTES;
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    return Arrays.copyOfRange(bytes, end - length, end);
  }

  private Path file(byte[] footer) throws IOException {
    byte[] bytes = Files.readAllBytes(sample());
    int columns = bytes.length - TAIL_BYTES - footer(bytes).length;
    var all = ByteBuffer.allocate(columns + footer.length + TAIL_BYTES);
    all.order(ByteOrder.LITTLE_ENDIAN).put(bytes, 0, columns).put(footer).putInt(footer.length);
    all.put("PAR1".getBytes(StandardCharsets.US_ASCII));
    return Files.write(directory.resolve("x.parquet"), all.array());
  }

  private static void assertDamaged(Path file, String what) {
    UnreadableFile found = refused(file);
    assertEquals(UnreadableFile.Cause.DAMAGED, found.why());
    assertTrue(found.what().contains(what), found.what());
  }

  private static UnreadableFile refused(Path file) {
    return assertThrows(UnreadableFile.class, () -> rows(file));
  }

  private static int rows(Path file) throws UnreadableFile, IOException {
    var count = new Counting();
    ParquetRows.read(file, null, "id", count);
    return count.rows;
  }

  private static final class Counting implements RowVisitor {
    private int rows;

    @Override
    public void tokens(int[] tokens, @Nullable String id, Metadata metadata) {
      rows++;
    }

    @Override
    public void tokensAt(long atByte, long lengthTokens, @Nullable String id, Metadata metadata) {
      throw new AssertionError("Parquet is decoded");
    }

    @Override
    public void text(String text, @Nullable String id, Metadata metadata) {
      rows++;
    }

    @Override
    public void absent() {
      rows++;
    }
  }
}
