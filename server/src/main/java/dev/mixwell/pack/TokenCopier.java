package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.TokenType;
import java.util.List;

/**
 * The second pass over a batch's rows: one copy out of the shards, and padding where a row ends
 * early. Owned by one thread.
 */
final class TokenCopier implements Extents.PieceVisitor {
  private final List<Shard> shards;
  private final TokenType type;
  private final int padding;
  private final byte[] target;
  private int at;

  /**
   * @param padding the id behind the last document of a row
   */
  TokenCopier(List<Shard> shards, TokenType type, int padding, byte[] target, int offset) {
    this.shards = shards;
    this.type = type;
    this.padding = padding;
    this.target = target;
    this.at = offset;
  }

  /**
   * @param columns tokens of a row: T + 1
   */
  void copy(RowSelection selection, int columns) {
    for (int row = 0; row < selection.rows(); row++) {
      int end = at + columns * type.sizeBytes();
      selection.pieces(row, this);
      pad(end);
    }
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    shards.get(number).copy(startToken, lengthTokens, type, target, at);
    at += lengthTokens * type.sizeBytes();
  }

  private void pad(int end) {
    for (int byteIndex = 0; at < end; byteIndex = (byteIndex + 1) % type.sizeBytes())
      target[at++] = (byte) (padding >>> 8 * byteIndex);
  }
}
