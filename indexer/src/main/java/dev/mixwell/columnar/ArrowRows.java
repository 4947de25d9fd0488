package dev.mixwell.columnar;

import dev.mixwell.base.Refusal;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an Arrow stream (Arrow's columnar format, "IPC Streaming Format"), a file of
 * messages:
 *
 * <pre>
 * size  what (little-endian)
 * 4     FF FF FF FF
 * 4     length of the metadata, with its padding; 0 ends the stream
 *       metadata: a flatbuffer, which gives the length of the body
 *       body: the buffers of a record batch
 * </pre>
 *
 * Ids of an uncompressed batch lie in its body as they are served. Owned by one thread.
 */
public final class ArrowRows {
  private static final int CONTINUATION = 0xFFFFFFFF;
  private static final int PREFIX_BYTES = 2 * Integer.BYTES;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final @Nullable String stated;
  private final String idField;
  private final List<ArrowColumn> columns = new ArrayList<>();
  private @Nullable ArrowColumn document;
  private @Nullable ArrowColumn id;

  private ArrowRows(MemorySegment file, @Nullable String column, String idField) {
    this.file = file;
    this.stated = column;
    this.idField = idField;
  }

  /** Is told, before any row, what the column holds; and what follows behind all rows. */
  public interface KindVisitor {
    void ids(int widthBytes, boolean isSigned) throws IOException;

    void text() throws IOException;

    /** So many bytes stand behind the end of the stream; nobody reads them. */
    void trailing(long bytes);
  }

  /** Whether a file's first bytes are those of a stream. */
  public static boolean recognises(byte[] head) {
    return head.length >= PREFIX_BYTES
        && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt() == CONTINUATION;
  }

  /**
   * @param file all of it, mapped
   * @param column the one with the documents; null for the usual names
   * @param idField the one with their ids, if there is one
   */
  public static void read(
      MemorySegment file,
      @Nullable String column,
      String idField,
      KindVisitor kind,
      RowVisitor rows)
      throws UnreadableFile, IOException {
    try {
      new ArrowRows(file, column, idField).read(kind, rows);
    } catch (Refusal e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) { // how flatbuffers meet damage
      throw UnreadableFile.damaged("it cannot be read as an Arrow stream (" + e + ")");
    }
  }

  private void read(KindVisitor kind, RowVisitor rows) throws UnreadableFile, IOException {
    long at = 0;
    boolean isFirst = true;
    while (at < file.byteSize()) {
      if (file.byteSize() - at < PREFIX_BYTES) throw cut(at);
      if (file.get(INT, at) != CONTINUATION)
        throw UnreadableFile.damaged(
            "no Arrow message begins at byte %,d; is it a file of messages as streams have it?"
                .formatted(at));
      int metadataBytes = file.get(INT, at + Integer.BYTES);
      long metadataAt = at + PREFIX_BYTES;
      if (metadataBytes == 0) {
        if (metadataAt < file.byteSize()) kind.trailing(file.byteSize() - metadataAt);
        return;
      }
      if (metadataBytes < 0 || metadataBytes > file.byteSize() - metadataAt) throw cut(at);
      Message message =
          Message.getRootAsMessage(
              file.asSlice(metadataAt, metadataBytes)
                  .asByteBuffer()
                  .order(ByteOrder.LITTLE_ENDIAN));
      long bodyAt = metadataAt + metadataBytes;
      long bodyBytes = message.bodyLength();
      if (bodyBytes < 0 || bodyBytes > file.byteSize() - bodyAt) throw cut(at);
      take(message, isFirst, bodyAt, bodyBytes, kind, rows);
      isFirst = false;
      at = bodyAt + bodyBytes;
    }
  }

  private void take(
      Message message,
      boolean isFirst,
      long bodyAt,
      long bodyBytes,
      KindVisitor kind,
      RowVisitor rows)
      throws UnreadableFile, IOException {
    if (isFirst != (message.headerType() == MessageHeader.Schema))
      throw UnreadableFile.damaged("it does not begin with one schema");
    switch (message.headerType()) {
      case MessageHeader.Schema -> begin((Schema) message.header(new Schema()), kind);
      case MessageHeader.RecordBatch ->
          tell((RecordBatch) message.header(new RecordBatch()), bodyAt, bodyBytes, rows);
      case MessageHeader.DictionaryBatch -> {} // of columns that say nothing here
      default ->
          throw UnreadableFile.unsupported(
              "it has a message of the kind " + MessageHeader.name(message.headerType()));
    }
  }

  private void begin(Schema schema, KindVisitor kind) throws UnreadableFile, IOException {
    if (schema.endianness() != Endianness.Little)
      throw UnreadableFile.unsupported("its numbers are big-endian");
    for (int f = 0; f < schema.fieldsLength(); f++) columns.add(ArrowColumn.of(schema.fields(f)));
    String chosen = Columns.choose(stated, columns.stream().map(ArrowColumn::name).toList());
    for (ArrowColumn column : columns) {
      if (column.name().equals(chosen)) document = column;
      else if (column.name().equals(idField)) id = column;
    }
    ArrowColumn found = document;
    if (found == null || !(found.isIds() || found.isText()))
      throw UnreadableFile.unsupported(
          "its column \"%s\" is neither a list of integers nor text".formatted(chosen));
    if (found.isIds()) kind.ids(found.element().widthBytes(), found.element().isSigned());
    else kind.text();
  }

  private void tell(RecordBatch batch, long bodyAt, long bodyBytes, RowVisitor visitor)
      throws UnreadableFile, IOException {
    if (batch.compression() != null)
      throw UnreadableFile.unsupported(
          "its record batches are compressed, so that they cannot be served in place; write it uncompressed, or as Parquet");
    if (batch.length() < 0 || batch.length() > bodyBytes) // a list or a text has an offset a row
    throw UnreadableFile.damaged(
          "a record batch has %,d rows in %,d bytes".formatted(batch.length(), bodyBytes));
    var body = new ArrowBatch(file, batch, bodyAt, bodyBytes);
    for (ArrowColumn column : columns) column.bind(body, batch.length());
    ArrowColumn chosen = document;
    if (chosen == null) return;
    for (long row = 0; row < batch.length(); row++) tell(chosen, row, visitor);
  }

  private void tell(ArrowColumn chosen, long row, RowVisitor visitor)
      throws UnreadableFile, IOException {
    if (chosen.isNull(row)) {
      visitor.absent();
      return;
    }
    MetadataValue given = id == null || id.isNull(row) ? null : id.value(row);
    String documentId = given == null ? null : given.text();
    Metadata metadata = metadata(chosen, row);
    if (chosen.isText()) {
      visitor.text(chosen.text(row), documentId, metadata);
      return;
    }
    ArrowColumn.Range range = chosen.range(row);
    if (!chosen.element().isComplete(range))
      throw UnreadableFile.unsupported(
          "a list of its column \"%s\" has a null element".formatted(chosen.name()));
    visitor.tokensAt(chosen.element().atByte(range.from()), range.length(), documentId, metadata);
  }

  private Metadata metadata(ArrowColumn chosen, long row) throws UnreadableFile {
    if (columns.size() == 1) return Metadata.NONE;
    var values = new TreeMap<String, List<MetadataValue>>();
    for (ArrowColumn column : columns)
      if (column != chosen && column != id)
        column.describe(column.name(), row, chosen.isIds(), values);
    return new Metadata(values);
  }

  private UnreadableFile cut(long at) {
    return UnreadableFile.damaged(
        "it ends at byte %,d, inside the message that begins at %,d"
            .formatted(file.byteSize(), at));
  }
}
