package dev.mixwell.columnar;

import dev.mixwell.api.Refusal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
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

/** Reads some columns of a Parquet file, a row group after the other. */
public final class ParquetFile {
  private ParquetFile() {}

  /** Chooses columns of a file. */
  interface Opening {
    Rows open(MessageType schema) throws UnreadableFile;
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
      try (var reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
        read(reader, footer, opening);
      }
    } catch (ClosedByInterruptException | Refusal e) {
      throw e;
    } catch (IOException
        | RuntimeException
        | StackOverflowError e) { // how the library meets damage
      throw UnreadableFile.damaged(
          "it cannot be read as Parquet (%s: %s)"
              .formatted(e.getClass().getSimpleName(), e.getMessage()));
    }
  }

  private static void read(ParquetFileReader reader, ParquetFooter footer, Opening opening)
      throws UnreadableFile, IOException {
    var meta = reader.getFileMetaData();
    MessageType schema = meta.getSchema();
    Rows rows = opening.open(schema);
    footer.check(rows.columns());
    reader.setRequestedSchema(rows.columns());
    var converter = new IgnoringConverter(schema);
    for (PageReadStore group = reader.readNextRowGroup();
        group != null;
        group = reader.readNextRowGroup()) {
      var pages = new CheckedPages(group);
      rows.take(
          new ColumnReadStoreImpl(pages, converter, schema, meta.getCreatedBy()),
          group.getRowCount());
    }
  }
}
