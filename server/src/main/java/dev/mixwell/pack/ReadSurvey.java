package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.group.VerifiedShard;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;

/** Verifies pieces of rows and loads them into memory, copying nothing. Owned by one thread. */
final class ReadSurvey implements Extents.PieceVisitor {
  private final List<VerifiedShard> shards;
  private final BitSet measured = new BitSet();

  ReadSurvey(List<VerifiedShard> shards) {
    this.shards = shards;
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    VerifiedShard shard = shards.get(number);
    if (!measured.get(number)) {
      measured.set(number);
      shard.shard().checkLength();
    }
    shard.verify(startToken, lengthTokens);
    int tokenBytes = shard.shard().type().sizeBytes();
    MemorySegment piece =
        shard.shard().tokens().asSlice(startToken * tokenBytes, (long) lengthTokens * tokenBytes);
    if (!piece.isLoaded()) piece.load();
  }
}
