package dev.mixwell.columnar;

import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.Metadata;
import dev.mixwell.catalog.MetadataValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file: of one column ids or a text, of the others metadata. Read column by
 * column, so that a row's ids are never objects. Owned by one thread.
 */
public final class ParquetRows {
  private static final byte[] MAGIC = {'P', 'A', 'R', '1'};
  private static final byte[] ENCRYPTED = {'P', 'A', 'R', 'E'};
  private static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;

  private final MessageType schema;
  private final ParquetLeaf document;
  private final @Nullable ParquetLeaf id;
  private final List<ParquetLeaf> others = new ArrayList<>();
  private long rows;

  private ParquetRows(MessageType schema, @Nullable String column, String idField)
      throws UnreadableFile {
    this.schema = schema;
    List<String> names = schema.getFields().stream().map(Type::getName).toList();
    String chosen = Columns.choose(column, names);
    List<ParquetLeaf> leaves = new ArrayList<>();
    for (var descriptor : schema.getColumns()) leaves.add(ParquetLeaf.of(schema, descriptor));
    this.document = document(chosen, leaves);
    ParquetLeaf given = null;
    for (ParquetLeaf leaf : leaves) {
      if (leaf.top().equals(chosen)) continue;
      if (leaf.key().equals(idField)) given = leaf;
      else if (leaf.isMetadata(document.isText())) others.add(leaf);
    }
    this.id = given;
  }

  private static ParquetLeaf document(String column, List<ParquetLeaf> leaves)
      throws UnreadableFile {
    List<ParquetLeaf> of = leaves.stream().filter(l -> l.top().equals(column)).toList();
    if (of.size() != 1 || !(of.getFirst().isText() || of.getFirst().isIds()))
      throw UnreadableFile.unsupported(
          "its column \"%s\" is neither a list of integers nor text".formatted(column));
    return of.getFirst();
  }

  /** Whether a file's first bytes are those of a Parquet file. */
  public static boolean recognises(byte[] head) {
    return head.length >= MAGIC.length
        && (Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
            || Arrays.equals(head, 0, MAGIC.length, ENCRYPTED, 0, MAGIC.length));
  }

  /**
   * @param column the one with the documents; null for the usual names
   * @param idField the one with their ids, if there is one
   */
  public static void read(Path file, @Nullable String column, String idField, RowVisitor visitor)
      throws UnreadableFile, IOException {
    checkTail(file);
    var options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new ParquetCodecs())
            .usePageChecksumVerification()
            .build();
    try (var reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
      var meta = reader.getFileMetaData();
      var rows = new ParquetRows(meta.getSchema(), column, idField);
      String createdBy = meta.getCreatedBy();
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) rows.tell(group, createdBy, visitor);
    } catch (ClosedByInterruptException | Refusal e) {
      throw e;
    } catch (IOException | RuntimeException e) { // the library meets damage with many exceptions
      throw UnreadableFile.damaged(
          "it cannot be read as Parquet (%s: %s)"
              .formatted(e.getClass().getSimpleName(), e.getMessage()));
    } catch (OutOfMemoryError e) { // the library takes lengths in headers at their word
      throw UnreadableFile.damaged(
          "it asks for more memory than there is: a length in it is wrong");
    }
  }

  /** What the library would ask memory for before it compares it with the file. */
  private static void checkTail(Path file) throws UnreadableFile, IOException {
    long sizeBytes = Files.size(file);
    try (var channel = Files.newByteChannel(file)) {
      var tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      channel.position(Math.max(0, sizeBytes - TAIL_BYTES));
      while (tail.hasRemaining() && channel.read(tail) >= 0) {}
      if (tail.hasRemaining())
        throw UnreadableFile.damaged("it has only %,d bytes".formatted(sizeBytes));
      byte[] magic = new byte[MAGIC.length];
      tail.get(Integer.BYTES, magic);
      if (Arrays.equals(magic, ENCRYPTED))
        throw UnreadableFile.unsupported("its footer is encrypted");
      if (!Arrays.equals(magic, MAGIC)) throw UnreadableFile.damaged("it does not end with PAR1");
      int footerBytes = tail.getInt(0);
      if (footerBytes < 0 || footerBytes > sizeBytes - TAIL_BYTES - MAGIC.length)
        throw UnreadableFile.damaged("its footer would have %,d bytes".formatted(footerBytes));
    }
  }

  private void tell(PageReadStore group, @Nullable String createdBy, RowVisitor visitor)
      throws UnreadableFile, IOException {
    var store = new ColumnReadStoreImpl(group, new IgnoringConverter(schema), schema, createdBy);
    document.begin(store);
    if (id != null) id.begin(store);
    for (ParquetLeaf leaf : others) leaf.begin(store);
    for (long row = 0; row < group.getRowCount(); row++) tell(visitor);
  }

  private void tell(RowVisitor visitor) throws UnreadableFile, IOException {
    boolean isPresent = document.next();
    if (document.isIds() && document.hasNullElement())
      throw UnreadableFile.unsupported(
          "row %,d of its column \"%s\" has a null among its ids".formatted(rows, document.top()));
    rows++;
    String given = null;
    if (id != null && id.next() && !id.values().isEmpty()) given = id.values().getFirst().text();
    Metadata metadata = metadata();
    if (!isPresent) visitor.absent();
    else if (document.isText()) visitor.text(document.text(), given, metadata);
    else visitor.tokens(document.ids(), given, metadata);
  }

  private Metadata metadata() {
    if (others.isEmpty()) return Metadata.NONE;
    var values = new TreeMap<String, List<MetadataValue>>();
    for (ParquetLeaf leaf : others)
      if (leaf.next() && !leaf.values().isEmpty())
        values.put(leaf.key(), List.copyOf(leaf.values()));
    return new Metadata(values);
  }
}
