package dev.mixwell.mixer;

import org.jspecify.annotations.Nullable;

/**
 * The feedback of one closed step or boundary, as the mixer in force there sees it.
 *
 * @param t steps since the mixer took effect, 1-based: the papers' step count
 * @param q proportions recorded for the step the feedback belongs to (for a boundary, of the step
 *     before it)
 * @param lossSum [m] nats, summed over all reporters in rank order
 * @param tokens [m]; 0 where nothing was seen of the group
 * @param rows [m] rows of each group in the step; for a boundary, from this mixer's boundary before
 *     it (those that an operator passed over count too), and 0 at its first
 * @param alignment for mixers that await it; else null
 * @param history the losses up to this step
 */
public record Observation(
    long t,
    Proportions q,
    double[] lossSum,
    long[] tokens,
    long[] rows,
    @Nullable Alignment alignment,
    LossHistory history) {
  /** Of losses alone. */
  public Observation(long t, Proportions q, double[] lossSum, long[] tokens) {
    this(t, q, lossSum, tokens, new long[tokens.length], null, LossHistory.NONE);
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
