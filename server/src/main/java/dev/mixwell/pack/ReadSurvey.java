package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.shard.Shard;
import java.util.BitSet;
import java.util.List;

/** Verifies pieces of rows and loads them into memory, copying nothing. Owned by one thread. */
final class ReadSurvey implements Extents.PieceVisitor {
  private final List<Shard> shards;
  private final BitSet measured = new BitSet();

  ReadSurvey(List<Shard> shards) {
    this.shards = shards;
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    Shard shard = shards.get(number);
    if (!measured.get(number)) {
      measured.set(number);
      shard.checkLength();
    }
    shard.load(startToken, lengthTokens);
  }
}
