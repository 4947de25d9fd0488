package dev.mixwell.group;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One group of a run as rows. Cut ({@code concat}), row j is the tokens [jT, jT + T + 1) of the
 * stream, so that rows overlap by one token and each token but the first of the stream is predicted
 * once an epoch; fewer than T tokens at the end are left over. Packed ({@code best-fit}), a row is
 * whole documents and may be shorter. Held-out rows are always cut, from a stream of their own, and
 * never reordered. Immutable.
 */
public final class GroupRows {
  private final ResolvedGroup group;
  private final int rowTokens;
  private final @Nullable PackedRows packed; // null where rows are cut
  private final long rows;
  private final RowOrder order;

  /**
   * Cuts the stream.
   *
   * @param index of the group in the run; keys the order together with {@code seed}
   * @param rowTokens inputs of a row (T)
   * @throws Refusal invalid-run if the training tokens do not fill one row
   */
  public GroupRows(ResolvedGroup group, int index, long seed, int rowTokens) {
    this(group, index, seed, rowTokens, null);
  }

  /** Takes rows as they were packed. */
  public static GroupRows packed(ResolvedGroup group, int index, long seed, PackedRows packed) {
    return new GroupRows(group, index, seed, packed.rowTokens(), packed);
  }

  private GroupRows(
      ResolvedGroup group, int index, long seed, int rowTokens, @Nullable PackedRows packed) {
    this.group = group;
    this.rowTokens = rowTokens;
    this.packed = packed;
    this.rows = packed == null ? rows(group.training().tokens(), rowTokens) : packed.rows();
    if (rows == 0) throw tooFewTokens();
    this.order = new RowOrder(seed, index, rows);
  }

  /** How many rows of {@code rowTokens} inputs a stream holds. */
  public static long rows(long tokens, int rowTokens) {
    return Math.max(0, (tokens - 1) / rowTokens);
  }

  public ResolvedGroup group() {
    return group;
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

  /** Whether rows are whole documents, and perhaps shorter than T + 1 tokens. */
  public boolean isPacked() {
    return packed != null;
  }

  /** Shows the tokens of a training row, T + 1 of them or fewer, in order. */
  public void pieces(long ordinal, Extents.PieceVisitor visitor) {
    if (packed != null) packed.pieces(ordinal, visitor);
    else group.training().pieces(ordinal * rowTokens, rowTokens + 1, visitor);
  }

  /** Shows the T + 1 tokens of a held-out row. */
  public void heldOutPieces(long ordinal, Extents.PieceVisitor visitor) {
    group.heldOut().pieces(ordinal * rowTokens, rowTokens + 1, visitor);
  }

  private Refusal tooFewTokens() {
    return new Refusal(
            ProblemType.INVALID_RUN,
            "Group `%s` has %,d training tokens; one row of %,d inputs needs %,d. Widen its query or lower rowTokens."
                .formatted(group.name(), group.training().tokens(), rowTokens, rowTokens + 1L))
        .with("group", group.name());
  }
}
