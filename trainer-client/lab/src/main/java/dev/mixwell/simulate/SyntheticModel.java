package dev.mixwell.simulate;

import java.util.Arrays;

/** What has been learnt of a world's groups. Owned by one trainer. */
final class SyntheticModel {
  private final World world;

  /** [m] n_i. */
  private final double[] effective;

  SyntheticModel(World world) {
    this.world = world;
    this.effective = new double[world.size()];
    Arrays.fill(effective, World.START_TOKENS);
  }

  /**
   * Learns from a batch.
   *
   * @param tokens [m] of each group, times its loss weight
   */
  void train(double[] tokens) {
    for (int i = 0; i < effective.length; i++) {
      double gained = 0;
      for (int j = 0; j < tokens.length; j++) gained += world.transfer(i, j) * tokens[j];
      effective[i] = Math.max(World.START_TOKENS, effective[i] + gained);
    }
  }

  /** L_i, without noise. */
  double loss(int group) {
    return world.groups().get(group).loss(effective[group]);
  }

  /** [m] L. */
  double[] losses() {
    double[] losses = new double[effective.length];
    for (int i = 0; i < losses.length; i++) losses[i] = loss(i);
    return losses;
  }

  /** The mean over the groups: what the mixers of the papers bring down. */
  double averageLoss() {
    double sum = 0;
    for (int i = 0; i < effective.length; i++) sum += loss(i);
    return sum / effective.length;
  }

  /** A*_ij: what the loss of group i falls by if the next {@code tokens} tokens are all of j. */
  double drop(int i, int j, double tokens) {
    return world.groups().get(i).slope(effective[i]) * world.transfer(i, j) * tokens;
  }
}
