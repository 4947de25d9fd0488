package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.group.VerifiedShard;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.TokenType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The second pass over a batch's rows: one copy out of the mapping, widened where the shard's ids
 * are narrower than the body's. Owned by one thread.
 */
final class TokenCopier implements Extents.PieceVisitor {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final List<VerifiedShard> shards;
  private final TokenType type;
  private final byte[] target;
  private int at;

  TokenCopier(List<VerifiedShard> shards, TokenType type, byte[] target, int offset) {
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
    Shard shard = shards.get(number).shard();
    if (shard.type() == type) copySame(shard.tokens(), startToken, lengthTokens);
    else widen(shard, startToken, lengthTokens);
    at += lengthTokens * type.sizeBytes();
  }

  private void copySame(MemorySegment tokens, long startToken, int lengthTokens) {
    int sizeBytes = type.sizeBytes();
    MemorySegment.copy(
        tokens,
        ValueLayout.JAVA_BYTE,
        startToken * sizeBytes,
        target,
        at,
        lengthTokens * sizeBytes);
  }

  private void widen(Shard shard, long startToken, int lengthTokens) {
    MemorySegment tokens = shard.tokens();
    TokenType from = shard.type();
    for (int i = 0; i < lengthTokens; i++)
      INT.set(target, at + i * Integer.BYTES, from.get(tokens, startToken + i));
  }
}
