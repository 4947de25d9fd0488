package dev.mixwell.group;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The rows of a group as {@link PackingPlan} has planned them, in a mapped file: any row is found
 * with no memory of its own. A block is compared with its checksum when it is first read.
 * Thread-safe; stays open as long as the process, as a run's extents do. {@link PackedRowsLayout}
 * draws the file.
 */
public final class PackedRows {
  private final Path path;
  private final MappedFile file;
  private final PackedRowsLayout layout;

  private PackedRows(Path path, MappedFile file) {
    this.path = path;
    this.file = file;
    if (file.sizeBytes() < PackedRowsLayout.HEADER_BYTES) throw damaged(path, "has no header");
    var parsed = PackedRowsLayout.parse(verified(0, PackedRowsLayout.HEADER_BYTES));
    if (parsed == null)
      throw damaged(path, "is no plan of rows of version " + PackedRowsLayout.VERSION);
    this.layout = parsed;
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
      throw damaged(sidecar, "cannot be read (" + IoReason.of(e) + ")");
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
    return layout.counts();
  }

  /** Inputs of a row (T). */
  int rowTokens() {
    return layout.rowTokens();
  }

  long rows() {
    return layout.counts().rows();
  }

  /** Shows a row's pieces in order, T + 1 tokens or fewer. */
  void pieces(long row, Extents.PieceVisitor visitor) {
    checkLength();
    int low = 0;
    int high = layout.classes();
    while (high - low > 1) { // the class at low begins at or before the row
      int middle = (low + high) >>> 1;
      if (firstRow(middle) <= row) low = middle;
      else high = middle;
    }
    long within = row - firstRow(low);
    long to = low + 1 == layout.classes() ? layout.contents() : firstContents(low + 1);
    for (long c = firstContents(low); c < to; c++) showContents(c, within, visitor);
  }

  private void showContents(long index, long row, Extents.PieceVisitor visitor) {
    long at = layout.contentsAt(index);
    MemorySegment entry = verified(at, at + PackedRowsLayout.CONTENTS_BYTES);
    int length = entry.get(PackedRowsLayout.INT, PackedRowsLayout.CONTENTS_LENGTH);
    int each = entry.get(PackedRowsLayout.INT, PackedRowsLayout.CONTENTS_EACH);
    long first =
        entry.get(PackedRowsLayout.LONG, PackedRowsLayout.CONTENTS_FIRST_PIECE) + row * each;
    MemorySegment pieces =
        verified(PackedRowsLayout.pieceAt(first), PackedRowsLayout.pieceAt(first + each));
    for (int i = 0; i < each; i++) {
      long piece = pieces.get(PackedRowsLayout.LONG, (long) PackedRowsLayout.PIECE_BYTES * i);
      visitor.piece(PackedRowsLayout.shard(piece), PackedRowsLayout.startToken(piece), length);
    }
  }

  private long firstRow(int classIndex) {
    return number(layout.classAt(classIndex) + PackedRowsLayout.CLASS_FIRST_ROW);
  }

  private long firstContents(int classIndex) {
    return number(layout.classAt(classIndex) + PackedRowsLayout.CLASS_FIRST_CONTENTS);
  }

  private long number(long at) {
    return verified(at, at + Long.BYTES).get(PackedRowsLayout.LONG, 0);
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
}
