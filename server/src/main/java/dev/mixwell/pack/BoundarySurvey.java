package dev.mixwell.pack;

import dev.mixwell.group.Extents;
import dev.mixwell.shard.Shard;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The first pass over a batch's rows: checks what will be read, and writes where documents begin.
 * Boundaries count over the flattened inputs [rows x T] and rise strictly: 0, every row's start,
 * every document's start inside a row, where padding begins, rows x T. A piece that continues a row
 * from another extent begins a document, unless a document goes on from one shard into the next; a
 * start at a row's last token, which is only a label, is none. Owned by one thread.
 */
final class BoundarySurvey implements Extents.PieceVisitor {
  private final List<Shard> shards;
  private final int rowTokens;
  private final ByteBuf boundaries;
  private final boolean[] touched;
  private boolean marking;
  private int rowInput; // where the row begins among the flattened inputs
  private int rowToken; // tokens of the row seen so far
  private int lastNumber; // of the shard of the piece before
  private long lastEnd; // and the token behind it there

  BoundarySurvey(List<Shard> shards, int rowTokens, ByteBuf boundaries) {
    this.shards = shards;
    this.rowTokens = rowTokens;
    this.boundaries = boundaries;
    this.touched = new boolean[shards.size()];
  }

  /**
   * @param marking whether to write boundaries; checks only if not
   */
  void survey(RowSelection selection, boolean marking) {
    this.marking = marking;
    for (int row = 0; row < selection.rows(); row++) {
      rowInput = row * rowTokens;
      rowToken = 0;
      selection.pieces(row, this);
      if (marking && rowToken < rowTokens) boundaries.writeIntLE(rowInput + rowToken); // padding
    }
    if (marking) boundaries.writeIntLE(selection.rows() * rowTokens);
  }

  @Override
  public void piece(int number, long startToken, int lengthTokens) {
    Shard shard = shards.get(number);
    if (!touched[number]) {
      touched[number] = true;
      shard.checkLength();
    }
    shard.verify(startToken, lengthTokens);
    int inputs = Math.min(lengthTokens, rowTokens - rowToken);
    if (marking && inputs > 0) writeBoundaries(number, startToken, inputs);
    rowToken += lengthTokens;
    lastNumber = number;
    lastEnd = startToken + lengthTokens;
  }

  private void writeBoundaries(int number, long startToken, int inputs) {
    if (rowToken == 0 || !continuesRow(number, startToken))
      boundaries.writeIntLE(rowInput + rowToken);
    var document = shards.get(number).documentsFrom(startToken);
    while (document.next() && document.start() < startToken + inputs)
      if (document.lengthTokens() > 0)
        boundaries.writeIntLE(rowInput + rowToken + (int) (document.start() - startToken));
  }

  /** Whether a piece goes on with the document at whose end the row's piece before it stopped. */
  private boolean continuesRow(int number, long startToken) {
    return startToken == 0
        && shards.get(number).continuesDocument()
        && lastNumber == number - 1
        && lastEnd == shards.get(lastNumber).tokenCount();
  }

  /**
   * Checks again the lengths of all shards that were read: a shard that was cut meanwhile reads as
   * zeros.
   */
  void checkLengths() {
    for (int i = 0; i < touched.length; i++) if (touched[i]) shards.get(i).checkLength();
  }
}
