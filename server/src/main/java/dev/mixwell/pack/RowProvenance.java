package dev.mixwell.pack;

import dev.mixwell.api.ProvenanceAnswer;
import dev.mixwell.group.Extents;
import dev.mixwell.group.GroupRows;
import dev.mixwell.opened.Dataset;
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
    group.pieces(ordinal, row);
    return new ProvenanceAnswer.Row(
        group.group().name(), group.epoch(position), ordinal, List.copyOf(row.pieces));
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    Shard shard = dataset.shards().get(number);
    long end = startToken + lengthTokens;
    var document = shard.documentsFrom(startToken);
    for (long token = startToken; token < end; document.next()) {
      int length = (int) (Math.min(end, document.end()) - token);
      if (length == 0) continue; // an empty document
      String id = dataset.catalog().documentId(number, document.ordinal());
      long offset = document.tokensBefore() + token - document.start();
      pieces.add(new ProvenanceAnswer.Piece(shard.name(), id, offset, token, length));
      token += length;
    }
  }
}
