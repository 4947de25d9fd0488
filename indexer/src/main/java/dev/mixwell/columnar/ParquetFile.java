package dev.mixwell.columnar;

import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Reads some columns of a Parquet file, a row group after the other. */
public final class ParquetFile {
  private ParquetFile() {}

  /** Chooses columns of a file. */
  interface Opening {
    /**
     * @param budget what its rows may say
     */
    Rows open(MessageType schema, RowBudget budget) throws UnreadableFile;
  }

  /** Takes rows of the columns that it wants. */
  interface Rows {
    List<ColumnDescriptor> columns();

    void take(ColumnReadStore columns, long rows) throws UnreadableFile, IOException;
  }

  /** Whether a file's first bytes are those of a Parquet file. */
  public static boolean recognises(byte[] head) {
    return startsWith(head, ParquetFooter.MAGIC) || startsWith(head, ParquetFooter.ENCRYPTED);
  }

  /** Whether a file begins as a Parquet file does. */
  public static boolean isOne(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return recognises(in.readNBytes(ParquetFooter.MAGIC.length));
    }
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  static void read(Path file, Opening opening) throws UnreadableFile, IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ);
        var arena = Arena.ofConfined()) {
      var footer = ParquetFooter.read(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
      var options =
          ParquetReadOptions.builder(new PlainParquetConfiguration())
              .withCodecFactory(new ParquetCodecs())
              .usePageChecksumVerification()
              .build();
      var input = new LocalInputFile(file);
      try (var reader =
          new ParquetFileReader(input, footer.checked(), options, input.newStream())) {
        read(reader, footer, opening, new RowBudget(channel.size()));
      }
    } catch (Refusal e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) { // how the library meets damage
      throw damaged(e);
    }
  }

  private static void read(
      ParquetFileReader reader, ParquetFooter footer, Opening opening, RowBudget budget)
      throws UnreadableFile, IOException {
    var meta = reader.getFileMetaData();
    MessageType schema = meta.getSchema();
    Rows rows = opening.open(schema, budget);
    footer.check(rows.columns());
    reader.setRequestedSchema(rows.columns());
    var converter = new IgnoringConverter(schema);
    for (PageReadStore group = next(reader); group != null; group = next(reader)) {
      var pages = new CheckedPages(group, ParquetFooter.maxAtOnceBytes() / 2);
      rows.take(
          new ColumnReadStoreImpl(pages, converter, schema, meta.getCreatedBy()),
          group.getRowCount());
    }
  }

  private static @Nullable PageReadStore next(ParquetFileReader reader) throws UnreadableFile {
    try {
      return reader.readNextRowGroup();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** The library says where, and below it what. */
  static UnreadableFile damaged(Throwable e) {
    Throwable first = e;
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) first = cause;
    return UnreadableFile.damaged(
        "it cannot be read as Parquet (%s: %s)"
            .formatted(first.getClass().getSimpleName(), first.getMessage()));
  }
}
