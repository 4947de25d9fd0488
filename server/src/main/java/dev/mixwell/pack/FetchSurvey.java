package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.shard.Shard;
import java.util.List;

/** Begins to fetch pieces of rows that lie behind a network. Owned by one thread. */
final class FetchSurvey implements Extents.PieceVisitor {
  private final List<Shard> shards;
  private boolean isNear = true;

  FetchSurvey(List<Shard> shards) {
    this.shards = shards;
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    isNear &= shards.get(number).begin(startToken, lengthTokens);
  }

  /** Whether nothing has to be fetched. */
  boolean isNear() {
    return isNear;
  }
}
