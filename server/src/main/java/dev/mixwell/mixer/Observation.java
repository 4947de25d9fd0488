package dev.mixwell.mixer;

/**
 * The feedback of one closed step or boundary, as the mixer in force there sees it.
 *
 * @param t steps since the mixer took effect, 1-based: the papers' step count
 * @param q proportions recorded for the step the feedback belongs to (for a boundary, of the step
 *     before it)
 * @param lossSum [m] nats, summed over all reporters in rank order
 * @param tokens [m]; 0 where nothing was seen of the group
 */
public record Observation(long t, Proportions q, double[] lossSum, long[] tokens) {
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
