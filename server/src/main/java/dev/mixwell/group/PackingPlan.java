package dev.mixwell.group;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.DocumentTable;
import dev.mixwell.shard.Shard;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Plans the rows of one group by {@link BestFit} and writes them down ({@link PackedRows}). Two
 * passes over the documents: one counts their lengths, one writes where each lies. On the heap are
 * counters by length and the classes of rows; the documents' places go straight into the mapped
 * file, 8 bytes each. Owned by one thread, used once.
 *
 * <p>A document of n tokens has n - 1 to predict. One longer than a row is cut as {@code concat}
 * cuts a stream: pieces of T + 1 tokens that overlap by one, so that each token is predicted once,
 * and what is left is packed like a short document.
 */
public final class PackingPlan {
  static final int BLOCK_BYTES = 1 << 14;
  private static final int RESERVED_BYTES = 1 << 20;

  private final List<Shard> shards;
  private final Extents training;
  private final int rowTokens;
  private final long[] counts; // of pieces by length
  private long documents;
  private long tokens; // of all documents so far
  private long truncated;
  private long truncatedByConcat;

  private PackingPlan(List<Shard> shards, Extents training, int rowTokens) {
    this.shards = shards;
    this.training = training;
    this.rowTokens = rowTokens;
    this.counts = new long[rowTokens + 2];
  }

  /** What packing would do to a group's documents, and what it would cost. */
  public static PackingCounts counts(List<Shard> shards, Extents training, int rowTokens) {
    var plan = new PackingPlan(shards, training, rowTokens);
    plan.eachDocument(plan::count);
    return plan.counts(BestFit.pack(plan.counts));
  }

  /**
   * A plan that was written.
   *
   * @param sha256 of its checksums, which pins it
   */
  public record Written(String sha256, PackingCounts counts) {}

  /**
   * Writes the plan and, beside it, its checksums, in place of what a crash has left.
   *
   * @throws Refusal storage-failed
   */
  public static Written write(List<Shard> shards, Extents training, int rowTokens, Path file) {
    var plan = new PackingPlan(shards, training, rowTokens);
    plan.eachDocument(plan::count);
    Path sidecar = PackedRows.sidecar(file);
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(sidecar);
      PackingCounts counts = plan.write(file);
      BlockChecksums.compute(file, BLOCK_BYTES).write(sidecar);
      return new Written(Sha256.of(sidecar), counts);
    } catch (IOException e) {
      throw new Refusal(
              ProblemType.STORAGE_FAILED,
              "The plan of rows %s could not be written: %s. Free space or mend the disk, then try again."
                  .formatted(file, IoReason.of(e)))
          .with("file", file.toString());
    }
  }

  private interface PieceVisitor {
    void document(int shard, long startToken, long lengthTokens);
  }

  /** Shows the group's documents, or what its extents take of them; no empty ones. */
  private void eachDocument(PieceVisitor visitor) {
    Extents.Cursor extent = training.cursor();
    while (extent.next()) {
      DocumentTable.Cursor document = shards.get(extent.shard()).documentsFrom(extent.start());
      do {
        long start = Math.max(document.start(), extent.start());
        long end = Math.min(document.end(), extent.end());
        if (end > start) visitor.document(extent.shard(), start, end - start);
      } while (document.end() < extent.end() && document.next());
    }
  }

  private void count(int shard, long startToken, long lengthTokens) {
    documents++;
    long row = tokens / rowTokens;
    if (tokens + lengthTokens - 1 > (row + 1) * rowTokens) truncatedByConcat++;
    tokens += lengthTokens;
    if (lengthTokens > rowTokens + 1) truncated++;
    counts[rowTokens + 1] += whole(lengthTokens);
    int rest = rest(lengthTokens);
    if (rest > 0) counts[rest]++;
  }

  /** Rows that a document fills alone. */
  private long whole(long lengthTokens) {
    return (lengthTokens - 1) / rowTokens;
  }

  /** Tokens of the piece behind those; 0 for none. A document of one token is a piece. */
  private int rest(long lengthTokens) {
    long left = (lengthTokens - 1) % rowTokens;
    return left > 0 || lengthTokens == 1 ? (int) left + 1 : 0;
  }

  private PackingCounts counts(List<BestFit.RowClass> classes) {
    long rows = 0;
    for (BestFit.RowClass c : classes) rows += c.rows();
    long pieces = 0;
    for (int length = 1; length < counts.length; length++) pieces += counts[length] * length;
    long padding = rows * (rowTokens + 1) - pieces;
    return new PackingCounts(rows, documents, truncated, truncatedByConcat, padding);
  }

  private PackingCounts write(Path file) throws IOException {
    List<BestFit.RowClass> classes = BestFit.pack(counts);
    long[] next = new long[counts.length]; // number of the next piece of a length
    for (int length = 1; length + 1 < next.length; length++)
      next[length + 1] = next[length] + counts[length];
    long[] first = next.clone();
    long pieces = next[next.length - 1] + counts[counts.length - 1];
    PackingCounts summary = counts(classes);
    var layout = PackedRowsLayout.of(rowTokens, summary, pieces, classes);
    try (var channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      reserve(channel, layout.sizeBytes());
      MemorySegment bytes = channel.map(MapMode.READ_WRITE, 0, layout.sizeBytes(), arena);
      layout.write(bytes, classes, first);
      eachDocument(
          (shard, start, length) -> {
            long whole = whole(length);
            for (long i = 0; i < whole; i++)
              layout.writePiece(bytes, next[rowTokens + 1]++, shard, start + i * rowTokens);
            int rest = rest(length);
            if (rest > 0) layout.writePiece(bytes, next[rest]++, shard, start + whole * rowTokens);
          });
      bytes.force();
    }
    return summary;
  }

  /** Takes the disk's space now: where there is none, storing into a mapping is a fault. */
  private static void reserve(FileChannel channel, long sizeBytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(RESERVED_BYTES);
    for (long left = sizeBytes; left > 0; ) {
      zeros.clear().limit((int) Math.min(left, RESERVED_BYTES));
      left -= channel.write(zeros);
    }
  }
}
