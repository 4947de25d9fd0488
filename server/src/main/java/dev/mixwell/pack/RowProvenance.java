package dev.mixwell.pack;

import dev.mixwell.api.ProvenanceAnswer;
import dev.mixwell.group.Dataset;
import dev.mixwell.group.Extents;
import dev.mixwell.group.GroupRows;
import dev.mixwell.shard.Shard;
import java.util.ArrayList;
import java.util.List;

/** Traces one row to the documents that its T + 1 tokens come from. Owned by one thread. */
final class RowProvenance implements Extents.PieceVisitor {
  private final Dataset dataset;
  private final List<ProvenanceAnswer.Piece> pieces = new ArrayList<>();

  private RowProvenance(Dataset dataset) {
    this.dataset = dataset;
  }

  static ProvenanceAnswer.Row of(Dataset dataset, GroupRows group, long position) {
    long ordinal = group.ordinal(position);
    var row = new RowProvenance(dataset);
    group.group().training().pieces(group.firstToken(ordinal), group.rowTokens() + 1, row);
    return new ProvenanceAnswer.Row(
        group.group().name(), group.epoch(position), ordinal, List.copyOf(row.pieces));
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    Shard shard = dataset.shards().get(number).shard();
    String file = dataset.shards().get(number).name();
    long end = startToken + lengthTokens;
    for (long token = startToken; token < end; ) {
      long ordinal = shard.documentAt(token);
      long documentStart = shard.documentStart(ordinal);
      int length = (int) (Math.min(end, shard.documentStart(ordinal + 1)) - token);
      String id = dataset.catalog().documentId(number, ordinal);
      pieces.add(new ProvenanceAnswer.Piece(file, id, token - documentStart, token, length));
      token += length;
    }
  }
}
