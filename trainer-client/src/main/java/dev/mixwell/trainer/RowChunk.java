package dev.mixwell.trainer;

import dev.mixwell.client.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Some rows that go through a model at once. Immutable. */
final class RowChunk {
  private final Rows rows;
  private final int[] places;

  private RowChunk(Rows rows, int[] places) {
    this.rows = rows;
    this.places = places;
  }

  /** All rows in order, no more than {@code chunkRows} a chunk. */
  static List<RowChunk> of(Rows rows, int chunkRows) {
    return of(rows, IntStream.range(0, rows.count()).toArray(), chunkRows);
  }

  /** The rows at {@code places}, in that order. */
  static List<RowChunk> of(Rows rows, int[] places, int chunkRows) {
    var chunks = new ArrayList<RowChunk>();
    for (int from = 0; from < places.length; from += chunkRows) {
      int to = Math.min(places.length, from + chunkRows);
      chunks.add(new RowChunk(rows, Arrays.copyOfRange(places, from, to)));
    }
    return chunks;
  }

  int count() {
    return places.length;
  }

  /** Where row {@code i} of the chunk is among all rows. */
  int place(int i) {
    return places[i];
  }

  /** [count][T], flattened: each row from its token {@code shift} on. */
  long[] tokens(int shift) {
    int rowTokens = rows.rowTokens();
    long[] tokens = new long[count() * rowTokens];
    for (int row = 0; row < count(); row++)
      for (int i = 0; i < rowTokens; i++)
        tokens[row * rowTokens + i] = rows.token(places[row], shift + i);
    return tokens;
  }

  /** What stands at the chunk's places in something that has one a row. */
  float[] pick(double[] byRow) {
    float[] picked = new float[count()];
    for (int row = 0; row < picked.length; row++) picked[row] = (float) byRow[places[row]];
    return picked;
  }

  /** [count] */
  int[] groups() {
    int[] groups = new int[count()];
    for (int row = 0; row < groups.length; row++) groups[row] = rows.group(places[row]);
    return groups;
  }
}
