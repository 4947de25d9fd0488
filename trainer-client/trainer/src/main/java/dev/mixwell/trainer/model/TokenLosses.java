package dev.mixwell.trainer.model;

import dev.mixwell.client.Rows;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** The loss of every token of a batch, in nats. Owned by the training thread. */
public final class TokenLosses {
  private final Rows rows;
  private final float[] losses; // [rows][T]

  public TokenLosses(Rows rows) {
    this.rows = rows;
    losses = new float[rows.count() * rows.rowTokens()];
  }

  /**
   * @param chunkLosses [chunk's rows][T], flattened
   */
  public void set(RowChunk chunk, float[] chunkLosses) {
    int rowTokens = rows.rowTokens();
    for (int row = 0; row < chunk.count(); row++)
      System.arraycopy(
          chunkLosses, row * rowTokens, losses, chunk.ordinal(row) * rowTokens, rowTokens);
  }

  /** Added up by group. */
  public GroupSums sums(List<String> names) {
    return sums(names, i -> losses[i]);
  }

  /** Sums of loss - reference loss. */
  public GroupSums difference(TokenLosses reference, List<String> names) {
    return sums(names, i -> (double) losses[i] - reference.losses[i]);
  }

  /**
   * Sums of max(loss - reference loss, 0), raised to 0 token by token before anything is added
   * (DoReMi, arXiv 2305.10429, algorithm 1).
   */
  public GroupSums excess(TokenLosses reference, List<String> names) {
    return sums(names, i -> Math.max((double) losses[i] - reference.losses[i], 0));
  }

  private GroupSums sums(List<String> names, IntToDoubleFunction loss) {
    var sums = new GroupSums(names);
    for (int i = 0; i < losses.length; i++)
      if (isLabel(i)) sums.add(group(i), loss.applyAsDouble(i));
      else sums.skip(group(i));
    return sums;
  }

  private boolean isLabel(int token) {
    return rows.isLabel(token / rows.rowTokens(), token % rows.rowTokens());
  }

  private int group(int token) {
    return rows.group(token / rows.rowTokens());
  }
}
