package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.shard.Shard;
import java.util.Arrays;
import java.util.List;

/**
 * Which tokens of a batch's rows count as labels, a byte each: those that their shard's loss mask
 * lets count, and no padding. Owned by one thread.
 */
final class MaskCopier implements Extents.PieceVisitor {
  private final List<Shard> shards;
  private final byte[] target;
  private int at;

  MaskCopier(List<Shard> shards, byte[] target, int offset) {
    this.shards = shards;
    this.target = target;
    this.at = offset;
  }

  /**
   * @param columns tokens of a row: T + 1
   */
  void copy(RowSelection selection, int columns) {
    for (int row = 0; row < selection.rows(); row++) {
      int end = at + columns;
      selection.pieces(row, this);
      Arrays.fill(target, at, end, (byte) 0);
      at = end;
    }
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    shards.get(number).copyMask(startToken, lengthTokens, target, at);
    at += lengthTokens;
  }
}
