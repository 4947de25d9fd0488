package dev.mixwell.group;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;

/**
 * One group of a run, cut into rows: row j is the tokens [jT, jT + T + 1) of the stream, so that
 * rows overlap by one token and each token but the first of the stream is predicted once an epoch;
 * fewer than T tokens at the end are left over. Held-out rows are cut in the same way from their
 * own stream and are never reordered. Immutable.
 */
public final class GroupRows {
  private final ResolvedGroup group;
  private final int place;
  private final int rowTokens;
  private final long rows;
  private final RowOrder order;

  /**
   * @param place of the group in the run; keys the order together with {@code seed}
   * @param rowTokens inputs of a row (T)
   * @throws Refusal invalid-run if the training tokens do not fill one row
   */
  public GroupRows(ResolvedGroup group, int place, long seed, int rowTokens) {
    this.group = group;
    this.place = place;
    this.rowTokens = rowTokens;
    this.rows = rows(group.training().tokens(), rowTokens);
    if (rows == 0) throw tooFewTokens();
    this.order = new RowOrder(seed, place, rows);
  }

  /** How many rows of {@code rowTokens} inputs a stream holds. */
  public static long rows(long tokens, int rowTokens) {
    return Math.max(0, (tokens - 1) / rowTokens);
  }

  public ResolvedGroup group() {
    return group;
  }

  public int place() {
    return place;
  }

  /** Inputs of a row (T). */
  public int rowTokens() {
    return rowTokens;
  }

  /** Training rows of one epoch; at least 1. */
  public long rows() {
    return rows;
  }

  public long heldOutRows() {
    return rows(group.heldOut().tokens(), rowTokens);
  }

  /** How often all rows were served before the row at a cumulative position. */
  public long epoch(long position) {
    return position / rows;
  }

  /** The row served at a cumulative position, which counts on through all epochs. */
  public long ordinal(long position) {
    return order.row(position / rows, position % rows);
  }

  /** A row's first token in its stream. */
  public long firstToken(long ordinal) {
    return ordinal * rowTokens;
  }

  private Refusal tooFewTokens() {
    return new Refusal(
            ProblemType.INVALID_RUN,
            "Group `%s` has %,d training tokens; one row of %,d inputs needs %,d. Widen its query or lower rowTokens."
                .formatted(group.name(), group.training().tokens(), rowTokens, rowTokens + 1L))
        .with("group", group.name());
  }
}
