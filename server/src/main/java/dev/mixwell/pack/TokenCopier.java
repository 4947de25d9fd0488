package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.TokenType;
import java.util.List;

/** The second pass over a batch's rows: one copy out of the shards. Owned by one thread. */
final class TokenCopier implements Extents.PieceVisitor {
  private final List<Shard> shards;
  private final TokenType type;
  private final byte[] target;
  private int at;

  TokenCopier(List<Shard> shards, TokenType type, byte[] target, int offset) {
    this.shards = shards;
    this.type = type;
    this.target = target;
    this.at = offset;
  }

  void copy(RowSelection selection) {
    for (int row = 0; row < selection.rows(); row++) selection.pieces(row, this);
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    shards.get(number).copy(startToken, lengthTokens, type, target, at);
    at += lengthTokens * type.sizeBytes();
  }
}
