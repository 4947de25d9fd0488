package dev.mixwell.group;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layout of {@link PackedRows}: where things lie in a file, and its header. Little-endian:
 *
 * <pre>
 *  offset  size  what
 *  0       8     magic "MIXWLROW"
 *  8       4     version, 1
 *  12      4     inputs of a row, T
 *  16      8     rows
 *  24      8     documents
 *  32      8     documents that are cut
 *  40      8     documents that concat would cut
 *  48      8     tokens of padding
 *  56      8     number of pieces p
 *  64      4     number of classes of rows c
 *  68      4     number of their contents e
 *  72      8 p   pieces, by length, each:
 *                  24 bits  the shard's index in the manifest
 *                  40 bits  the first token in the shard
 *  ...     16 c  classes, each:
 *                  8  the first row
 *                  8  the first of its contents
 *  ...     16 e  contents, each:
 *                  4  tokens of a piece
 *                  4  how many pieces each row has
 *                  8  the piece that the first row begins with
 * </pre>
 *
 * Row j of a class has {@code n} pieces of a length from number {@code first + j n} on.
 */
record PackedRowsLayout(
    int rowTokens, PackingCounts counts, long pieces, int classes, int contents) {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 72;
  static final int PIECE_BYTES = Long.BYTES;

  static final int CLASS_BYTES = 16;
  static final int CLASS_FIRST_ROW = 0;
  static final int CLASS_FIRST_CONTENTS = 8;

  static final int CONTENTS_BYTES = 16;
  static final int CONTENTS_LENGTH = 0;
  static final int CONTENTS_EACH = 4;
  static final int CONTENTS_FIRST_PIECE = 8;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long MAGIC = 0x574F524C5758494DL; // "MIXWLROW", little-endian
  private static final int MAGIC_AT = 0;
  private static final int VERSION_AT = 8;
  private static final int ROW_TOKENS_AT = 12;
  private static final int ROWS_AT = 16;
  private static final int DOCUMENTS_AT = 24;
  private static final int TRUNCATED_DOCUMENTS_AT = 32;
  private static final int TRUNCATED_BY_CONCAT_AT = 40;
  private static final int PADDING_TOKENS_AT = 48;
  private static final int PIECES_AT = 56;
  private static final int CLASSES_AT = 64;
  private static final int CONTENTS_AT = 68;
  private static final int TOKEN_BITS = 40;
  private static final long TOKEN_MASK = (1L << TOKEN_BITS) - 1;

  static PackedRowsLayout of(
      int rowTokens, PackingCounts counts, long pieces, List<BestFit.RowClass> classes) {
    long contents = 0;
    for (BestFit.RowClass c : classes) contents += c.contents().size();
    return new PackedRowsLayout(
        rowTokens, counts, pieces, classes.size(), Math.toIntExact(contents));
  }

  /** Null if the bytes are no header of this version. */
  static @Nullable PackedRowsLayout parse(MemorySegment header) {
    if (header.get(LONG, MAGIC_AT) != MAGIC || header.get(INT, VERSION_AT) != VERSION) return null;
    var counts =
        new PackingCounts(
            header.get(LONG, ROWS_AT),
            header.get(LONG, DOCUMENTS_AT),
            header.get(LONG, TRUNCATED_DOCUMENTS_AT),
            header.get(LONG, TRUNCATED_BY_CONCAT_AT),
            header.get(LONG, PADDING_TOKENS_AT));
    return new PackedRowsLayout(
        header.get(INT, ROW_TOKENS_AT),
        counts,
        header.get(LONG, PIECES_AT),
        header.get(INT, CLASSES_AT),
        header.get(INT, CONTENTS_AT));
  }

  long sizeBytes() {
    return contentsAt(contents);
  }

  static long pieceAt(long number) {
    return HEADER_BYTES + PIECE_BYTES * number;
  }

  long classAt(long index) {
    return pieceAt(pieces) + CLASS_BYTES * index;
  }

  long contentsAt(long index) {
    return classAt(classes) + CONTENTS_BYTES * index;
  }

  /**
   * Writes all but the pieces.
   *
   * @param first piece of each length
   */
  void write(MemorySegment bytes, List<BestFit.RowClass> all, long[] first) {
    writeHeader(bytes);
    long row = 0;
    int content = 0;
    for (int index = 0; index < all.size(); index++) {
      BestFit.RowClass c = all.get(index);
      bytes.set(LONG, classAt(index) + CLASS_FIRST_ROW, row);
      bytes.set(LONG, classAt(index) + CLASS_FIRST_CONTENTS, content);
      row += c.rows();
      for (BestFit.Contents part : c.contents()) {
        long at = contentsAt(content++);
        bytes.set(INT, at + CONTENTS_LENGTH, part.length());
        bytes.set(INT, at + CONTENTS_EACH, part.each());
        bytes.set(LONG, at + CONTENTS_FIRST_PIECE, first[part.length()] + part.first());
      }
    }
  }

  private void writeHeader(MemorySegment bytes) {
    bytes.set(LONG, MAGIC_AT, MAGIC);
    bytes.set(INT, VERSION_AT, VERSION);
    bytes.set(INT, ROW_TOKENS_AT, rowTokens);
    bytes.set(LONG, ROWS_AT, counts.rows());
    bytes.set(LONG, DOCUMENTS_AT, counts.documents());
    bytes.set(LONG, TRUNCATED_DOCUMENTS_AT, counts.truncatedDocuments());
    bytes.set(LONG, TRUNCATED_BY_CONCAT_AT, counts.truncatedByConcat());
    bytes.set(LONG, PADDING_TOKENS_AT, counts.paddingTokens());
    bytes.set(LONG, PIECES_AT, pieces);
    bytes.set(INT, CLASSES_AT, classes);
    bytes.set(INT, CONTENTS_AT, contents);
  }

  void writePiece(MemorySegment bytes, long number, int shard, long startToken) {
    if (startToken >>> TOKEN_BITS != 0 || shard >>> (Long.SIZE - TOKEN_BITS) != 0)
      throw new Refusal(
          ProblemType.INVALID_RUN,
          "Token %,d of shard %,d cannot be packed: shards have at most 2^40 tokens, and there are at most 2^24."
              .formatted(startToken, shard));
    bytes.set(LONG, pieceAt(number), (long) shard << TOKEN_BITS | startToken);
  }

  static int shard(long piece) {
    return (int) (piece >>> TOKEN_BITS);
  }

  static long startToken(long piece) {
    return piece & TOKEN_MASK;
  }
}
