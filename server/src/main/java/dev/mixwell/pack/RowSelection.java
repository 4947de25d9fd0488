package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.group.GroupRows;
import java.util.List;

/**
 * The rows of one body, in its order: each a group and an ordinal in that group's stream. Immutable
 * by convention of this package: nobody writes the arrays.
 */
@SuppressWarnings("ArrayRecordComponent") // one array of numbers instead of an object a row
record RowSelection(List<GroupRows> groups, boolean heldOut, int[] groupIndexes, long[] ordinals) {
  /**
   * The training rows at cumulative positions.
   *
   * @param groupIndexes of the rows, in the order of the run
   */
  static RowSelection training(List<GroupRows> groups, int[] groupIndexes, long[] positions) {
    if (groupIndexes.length != positions.length)
      throw new IllegalArgumentException(
          groupIndexes.length + " groups for " + positions.length + " positions");
    long[] ordinals = new long[positions.length];
    for (int i = 0; i < ordinals.length; i++)
      ordinals[i] = groups.get(groupIndexes[i]).ordinal(positions[i]);
    return new RowSelection(groups, false, groupIndexes.clone(), ordinals);
  }

  /** {@code count} held-out rows of one group from {@code from} on, in stream order. */
  static RowSelection heldOut(List<GroupRows> groups, int groupIndex, long from, int count) {
    int[] groupIndexes = new int[count];
    long[] ordinals = new long[count];
    for (int i = 0; i < count; i++) {
      groupIndexes[i] = groupIndex;
      ordinals[i] = from + i;
    }
    return new RowSelection(groups, true, groupIndexes, ordinals);
  }

  int rows() {
    return ordinals.length;
  }

  /** Shows a row's T + 1 tokens, or fewer where rows are packed. */
  void pieces(int row, Extents.PieceVisitor visitor) {
    GroupRows group = groups.get(groupIndexes[row]);
    if (heldOut) group.heldOutPieces(ordinals[row], visitor);
    else group.pieces(ordinals[row], visitor);
  }
}
