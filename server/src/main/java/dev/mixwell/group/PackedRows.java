package dev.mixwell.group;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * The rows of a group as {@link PackingPlan} has planned them, in a mapped file: any row is found
 * with no memory of its own. A block is compared with its checksum when it is first read.
 * Thread-safe; stays open as long as the process, as a run's extents do.
 *
 * <pre>
 *  offset  size  what (little-endian)
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
 *  72      8 p   pieces, by length: the shard's place in the manifest, 24 bits, and the first
 *                token in the shard, 40 bits
 *  ...     16 c  classes: the first row (8), the first of its contents (8)
 *  ...     16 e  contents: tokens of a piece (4), how many pieces each row has (4), the piece that
 *                the first row begins with (8)
 * </pre>
 *
 * Row j of a class has {@code n} pieces of a length from number {@code first + j n} on.
 */
public final class PackedRows {
  private static final long MAGIC = 0x574F524C5758494DL; // "MIXWLROW", little-endian
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 72;
  private static final int ENTRY_BYTES = 16;
  private static final int TOKEN_BITS = 40;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final MappedFile file;
  private final PackingCounts counts;
  private final int rowTokens;
  private final int classes;
  private final int contents;
  private final long classesAt;
  private final long contentsAt;

  private PackedRows(Path path, MappedFile file) {
    this.path = path;
    this.file = file;
    if (file.sizeBytes() < HEADER_BYTES) throw damaged(path, "has no header");
    MemorySegment header = verified(0, HEADER_BYTES);
    if (header.get(LONG, 0) != MAGIC || header.get(INT, 8) != VERSION)
      throw damaged(path, "is no plan of rows of version " + VERSION);
    this.rowTokens = header.get(INT, 12);
    this.counts =
        new PackingCounts(
            header.get(LONG, 16),
            header.get(LONG, 24),
            header.get(LONG, 32),
            header.get(LONG, 40),
            header.get(LONG, 48));
    long pieces = header.get(LONG, 56);
    this.classes = header.get(INT, 64);
    this.contents = header.get(INT, 68);
    this.classesAt = HEADER_BYTES + Long.BYTES * pieces;
    this.contentsAt = classesAt + (long) ENTRY_BYTES * classes;
  }

  static Path sidecar(Path file) {
    return file.resolveSibling(file.getFileName() + ".crc");
  }

  /**
   * @param sha256 of its checksums, as it was pinned
   * @throws Refusal extents-damaged
   */
  public static PackedRows open(Path path, String sha256) {
    Path sidecar = sidecar(path);
    try {
      if (!Sha256.of(sidecar).equals(sha256))
        throw damaged(sidecar, "has another SHA-256 than was pinned");
      MappedFile file = mapped(path, sidecar);
      try {
        return new PackedRows(path, file);
      } catch (RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw damaged(sidecar, "cannot be read (" + e.getMessage() + ")");
    }
  }

  private static MappedFile mapped(Path path, Path sidecar) {
    try {
      return MappedFile.open(path, BlockChecksums.read(sidecar, path));
    } catch (Refusal e) { // it speaks of a shard
      throw damaged(path, "is missing, cut or no longer readable (" + e.detail() + ")");
    }
  }

  public PackingCounts counts() {
    return counts;
  }

  /** Inputs of a row (T). */
  int rowTokens() {
    return rowTokens;
  }

  long rows() {
    return counts.rows();
  }

  /** Shows a row's pieces in order, T + 1 tokens or fewer. */
  void pieces(long row, Extents.PieceVisitor visitor) {
    checkLength();
    int low = 0;
    int high = classes;
    while (high - low > 1) { // the class at low begins at or before the row
      int middle = (low + high) >>> 1;
      if (number(classesAt, middle, 0) <= row) low = middle;
      else high = middle;
    }
    long within = row - number(classesAt, low, 0);
    long from = number(classesAt, low, Long.BYTES);
    long to = low + 1 == classes ? contents : number(classesAt, low + 1, Long.BYTES);
    for (long c = from; c < to; c++) showContents(c, within, visitor);
  }

  private void showContents(long index, long row, Extents.PieceVisitor visitor) {
    long at = contentsAt + ENTRY_BYTES * index;
    MemorySegment entry = verified(at, at + ENTRY_BYTES);
    int length = entry.get(INT, 0);
    int each = entry.get(INT, Integer.BYTES);
    long first = entry.get(LONG, 2 * Integer.BYTES) + row * each;
    long piecesAt = HEADER_BYTES + Long.BYTES * first;
    MemorySegment pieces = verified(piecesAt, piecesAt + (long) Long.BYTES * each);
    for (int i = 0; i < each; i++) {
      long piece = pieces.get(LONG, (long) Long.BYTES * i);
      visitor.piece((int) (piece >>> TOKEN_BITS), piece & ((1L << TOKEN_BITS) - 1), length);
    }
  }

  private long number(long tableAt, long index, int field) {
    long at = tableAt + ENTRY_BYTES * index + field;
    return verified(at, at + Long.BYTES).get(LONG, 0);
  }

  private MemorySegment verified(long fromByte, long toByte) {
    try {
      return file.verified(fromByte, toByte);
    } catch (Refusal e) {
      throw damaged(path, "has changed (" + e.detail() + ")");
    }
  }

  private void checkLength() {
    try {
      file.checkLength();
    } catch (Refusal e) {
      throw damaged(path, "has changed (" + e.detail() + ")");
    }
  }

  private static Refusal damaged(Path path, String what) {
    return new Refusal(
            ProblemType.EXTENTS_DAMAGED,
            "The plan of rows %s %s. Restore the run's folder.".formatted(path, what))
        .with("file", path.toString());
  }

  /** Where things lie in a file that is being written. */
  record Layout(int rowTokens, PackingCounts counts, long pieces, int classes, int contents) {
    static Layout of(
        int rowTokens, PackingCounts counts, long pieces, List<BestFit.RowClass> classes) {
      long contents = 0;
      for (BestFit.RowClass c : classes) contents += c.contents().size();
      return new Layout(rowTokens, counts, pieces, classes.size(), Math.toIntExact(contents));
    }

    long sizeBytes() {
      return HEADER_BYTES + Long.BYTES * pieces + (long) ENTRY_BYTES * (classes + contents);
    }

    /**
     * Writes all but the pieces.
     *
     * @param first piece of each length
     */
    void write(MemorySegment bytes, List<BestFit.RowClass> all, long[] first) {
      bytes.set(LONG, 0, MAGIC);
      bytes.set(INT, 8, VERSION);
      bytes.set(INT, 12, rowTokens);
      bytes.set(LONG, 16, counts.rows());
      bytes.set(LONG, 24, counts.documents());
      bytes.set(LONG, 32, counts.truncatedDocuments());
      bytes.set(LONG, 40, counts.truncatedByConcat());
      bytes.set(LONG, 48, counts.paddingTokens());
      bytes.set(LONG, 56, pieces);
      bytes.set(INT, 64, classes);
      bytes.set(INT, 68, contents);
      long classAt = HEADER_BYTES + Long.BYTES * pieces;
      long contentAt = classAt + (long) ENTRY_BYTES * classes;
      long row = 0;
      long content = 0;
      for (BestFit.RowClass c : all) {
        bytes.set(LONG, classAt, row);
        bytes.set(LONG, classAt + Long.BYTES, content);
        classAt += ENTRY_BYTES;
        row += c.rows();
        for (BestFit.Contents part : c.contents()) {
          bytes.set(INT, contentAt, part.length());
          bytes.set(INT, contentAt + Integer.BYTES, part.each());
          bytes.set(LONG, contentAt + 2 * Integer.BYTES, first[part.length()] + part.first());
          contentAt += ENTRY_BYTES;
          content++;
        }
      }
    }

    void writePiece(MemorySegment bytes, long number, int shard, long startToken) {
      if (startToken >>> TOKEN_BITS != 0 || shard >>> (Long.SIZE - TOKEN_BITS) != 0)
        throw new Refusal(
            ProblemType.INVALID_RUN,
            "Token %,d of shard %,d cannot be packed: shards have at most 2^40 tokens, and there are at most 2^24."
                .formatted(startToken, shard));
      bytes.set(LONG, HEADER_BYTES + Long.BYTES * number, (long) shard << TOKEN_BITS | startToken);
    }
  }
}
