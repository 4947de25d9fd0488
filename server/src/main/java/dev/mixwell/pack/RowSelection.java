package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.group.GroupRows;
import java.util.List;

/**
 * The rows of one body, in its order: each a group and an ordinal in that group's stream. Immutable
 * by convention of this package: nobody writes the arrays.
 */
@SuppressWarnings("ArrayRecordComponent") // one array of numbers instead of an object a row
record RowSelection(List<GroupRows> groups, boolean heldOut, int[] places, long[] ordinals) {
  /**
   * The training rows at cumulative positions.
   *
   * @param places of the rows' groups in the run
   */
  static RowSelection training(List<GroupRows> groups, int[] places, long[] positions) {
    if (places.length != positions.length)
      throw new IllegalArgumentException(
          places.length + " groups for " + positions.length + " positions");
    long[] ordinals = new long[positions.length];
    for (int i = 0; i < ordinals.length; i++)
      ordinals[i] = groups.get(places[i]).ordinal(positions[i]);
    return new RowSelection(groups, false, places.clone(), ordinals);
  }

  /** {@code count} held-out rows of one group from {@code from} on, in stream order. */
  static RowSelection heldOut(List<GroupRows> groups, int place, long from, int count) {
    int[] places = new int[count];
    long[] ordinals = new long[count];
    for (int i = 0; i < count; i++) {
      places[i] = place;
      ordinals[i] = from + i;
    }
    return new RowSelection(groups, true, places, ordinals);
  }

  int rows() {
    return ordinals.length;
  }

  /** Shows a row's T + 1 tokens, or fewer where rows are packed. */
  void pieces(int row, Extents.PieceVisitor visitor) {
    GroupRows group = groups.get(places[row]);
    if (heldOut) group.heldOutPieces(ordinals[row], visitor);
    else group.pieces(ordinals[row], visitor);
  }
}
