package dev.mixwell.mixer;

import org.jspecify.annotations.Nullable;

/** The feedback of one closed step or boundary, as the mixer in force there sees it. Immutable. */
public final class Observation {
  private final long t;
  private final Proportions q;
  private final double[] lossSum;
  private final long[] tokens;
  private final long[] rows;
  private final @Nullable Alignment alignment;
  private final LossHistory history;

  /**
   * @param t steps since the mixer took effect, 1-based: the papers' step count
   * @param q proportions recorded for the step the feedback belongs to (for a boundary, of the step
   *     before it)
   * @param lossSum [m] nats, summed over all reporters in rank order
   * @param tokens [m]; 0 where nothing was seen of the group
   * @param rows [m] rows of each group in the step; for a boundary, from this mixer's boundary
   *     before it (those that an operator passed over count too), and 0 at its first
   * @param alignment for mixers that await it; else null
   * @param history the losses up to this step
   */
  public Observation(
      long t,
      Proportions q,
      double[] lossSum,
      long[] tokens,
      long[] rows,
      @Nullable Alignment alignment,
      LossHistory history) {
    this.t = t;
    this.q = q;
    this.lossSum = lossSum.clone();
    this.tokens = tokens.clone();
    this.rows = rows.clone();
    this.alignment = alignment;
    this.history = history;
  }

  /** An observation of losses alone. */
  public Observation(long t, Proportions q, double[] lossSum, long[] tokens) {
    this(t, q, lossSum, tokens, new long[tokens.length], null, LossHistory.NONE);
  }

  public long t() {
    return t;
  }

  public Proportions q() {
    return q;
  }

  /** A copy: [m] nats, summed over all reporters. */
  public double[] lossSum() {
    return lossSum.clone();
  }

  /** A copy: [m]; 0 where nothing was seen of the group. */
  public long[] tokens() {
    return tokens.clone();
  }

  /** A copy: [m] rows of each group. */
  public long[] rows() {
    return rows.clone();
  }

  public long rows(int group) {
    return rows[group];
  }

  public @Nullable Alignment alignment() {
    return alignment;
  }

  public LossHistory history() {
    return history;
  }

  public boolean saw(int group) {
    return tokens[group] > 0;
  }

  /** Mean loss of a group that was seen, nats per token. */
  public double meanLoss(int group) {
    return lossSum[group] / tokens[group];
  }

  public int groups() {
    return tokens.length;
  }
}
