package dev.mixwell.trainer.model;

import dev.mixwell.client.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Some rows that go through a model at once. Immutable. */
public final class RowChunk {
  private record Row(Rows from, int ordinal) {
    int token(int i) {
      return from.token(ordinal, i);
    }
  }

  private final List<Row> rows;

  private RowChunk(List<Row> rows) {
    this.rows = List.copyOf(rows);
  }

  /** All rows in order, no more than {@code chunkRows} a chunk. */
  public static List<RowChunk> of(Rows rows, int chunkRows) {
    return of(List.of(rows), chunkRows);
  }

  /** All rows of all pages in order; only the last chunk is not full. */
  public static List<RowChunk> of(List<Rows> pages, int chunkRows) {
    var all = new ArrayList<Row>();
    for (Rows page : pages)
      for (int ordinal = 0; ordinal < page.count(); ordinal++) all.add(new Row(page, ordinal));
    return cut(all, chunkRows);
  }

  /** The rows of one group, in order. */
  static List<RowChunk> ofGroup(Rows rows, int group, int chunkRows) {
    List<Row> own =
        IntStream.range(0, rows.count())
            .filter(ordinal -> rows.group(ordinal) == group)
            .mapToObj(ordinal -> new Row(rows, ordinal))
            .toList();
    return cut(own, chunkRows);
  }

  private static List<RowChunk> cut(List<Row> rows, int chunkRows) {
    var chunks = new ArrayList<RowChunk>();
    for (int from = 0; from < rows.size(); from += chunkRows)
      chunks.add(new RowChunk(rows.subList(from, Math.min(rows.size(), from + chunkRows))));
    return chunks;
  }

  int count() {
    return rows.size();
  }

  /** Where row {@code i} of the chunk is in its batch or page. */
  int ordinal(int i) {
    return rows.get(i).ordinal;
  }

  /** [count][T], flattened: each row from its token {@code shift} on. */
  long[] tokens(int shift) {
    int rowTokens = rows.getFirst().from.rowTokens();
    long[] tokens = new long[count() * rowTokens];
    for (int row = 0; row < count(); row++)
      for (int i = 0; i < rowTokens; i++)
        tokens[row * rowTokens + i] = rows.get(row).token(shift + i);
    return tokens;
  }

  /** [count][T], flattened: 1 where a label counts, else 0; null where all do. */
  float @Nullable [] labelMask() {
    if (rows.stream().noneMatch(r -> r.from.isMasked())) return null;
    int rowTokens = rows.getFirst().from.rowTokens();
    float[] mask = new float[count() * rowTokens];
    for (int row = 0; row < count(); row++)
      for (int i = 0; i < rowTokens; i++)
        mask[row * rowTokens + i] = rows.get(row).from.isLabel(ordinal(row), i) ? 1 : 0;
    return mask;
  }

  /** How many labels count. */
  long labels() {
    long labels = 0;
    for (Row row : rows) labels += row.from.labels(row.ordinal);
    return labels;
  }

  /** What stands at the chunk's rows in something that has one a row of the batch. */
  float[] pick(double[] byRow) {
    float[] picked = new float[count()];
    for (int row = 0; row < picked.length; row++) picked[row] = (float) byRow[ordinal(row)];
    return picked;
  }

  /** [count] */
  int[] groups() {
    int[] groups = new int[count()];
    for (int row = 0; row < groups.length; row++)
      groups[row] = rows.get(row).from.group(ordinal(row));
    return groups;
  }
}
