package dev.mixwell.simulate;

import java.util.List;

/**
 * Groups of text that are learnt by known laws. Immutable.
 *
 * <p>Group i counts effective tokens n_i, {@link #START_TOKENS} at first. Training on r_j tokens of
 * every group j adds sum_j C_ij r_j, where C is the transfer between groups: 1 is as good as the
 * group's own tokens, below 0 they make it forget; n_i never falls below its start. Its loss is L_i
 * = eps_i + beta_i n_i^-alpha_i, in nats per token.
 *
 * <p>So over a short segment of N tokens at proportions p, L_i falls by sum_j A*_ij p_j with A*_ij
 * = N alpha_i beta_i n_i^(-alpha_i - 1) C_ij: the linear law of mixing that online mixers estimate
 * (arXiv 2411.05735, section 3), with A* as asymmetric as C, and shrinking as groups are learnt.
 */
final class World {
  /** Effective tokens of every group before the first step. */
  static final double START_TOKENS = 1 << 20;

  /**
   * How a group is learnt.
   *
   * @param floor eps, nats: what no training takes away
   * @param initial loss at {@link #START_TOKENS}, nats
   * @param exponent alpha
   * @param tokens that there are of it: its natural weight
   */
  record Group(String name, double floor, double initial, double exponent, long tokens) {
    Group {
      if (!(floor >= 0 && initial >= floor && exponent > 0 && tokens > 0))
        throw new IllegalArgumentException(
            "%s: %s to %s, %s, %d tokens".formatted(name, initial, floor, exponent, tokens));
    }

    double loss(double effectiveTokens) {
      return floor + (initial - floor) * StrictMath.pow(effectiveTokens / START_TOKENS, -exponent);
    }

    /** What the loss falls by for each effective token more. */
    double slope(double effectiveTokens) {
      return (loss(effectiveTokens) - floor) * exponent / effectiveTokens;
    }
  }

  /**
   * What makes observed losses differ from true ones: standard deviations, nats.
   *
   * @param row of one training row's mean loss
   * @param validation of a group's validation loss
   */
  record Noise(double row, double validation) {
    static final Noise NONE = new Noise(0, 0);
  }

  private final String name;
  private final String description;
  private final List<Group> groups;
  private final double[][] transfer;
  private final Noise noise;

  /**
   * @param transfer [m][m] C_ij: what a token of group j is worth to group i
   */
  World(String name, String description, List<Group> groups, double[][] transfer, Noise noise) {
    int m = groups.size();
    this.name = name;
    this.description = description;
    this.groups = List.copyOf(groups);
    this.transfer = new double[m][];
    this.noise = noise;
    for (int i = 0; i < m; i++) {
      if (transfer.length != m || transfer[i].length != m)
        throw new IllegalArgumentException(name + ": the transfer is not " + m + " by " + m);
      this.transfer[i] = transfer[i].clone();
    }
  }

  /** The same laws under other noise. */
  World with(Noise other) {
    return new World(name, description, groups, transfer, other);
  }

  String name() {
    return name;
  }

  /** In a sentence. */
  String description() {
    return description;
  }

  List<Group> groups() {
    return groups;
  }

  int size() {
    return groups.size();
  }

  /** C_ij: what a token of group {@code from} is worth to group {@code to}. */
  double transfer(int to, int from) {
    return transfer[to][from];
  }

  Noise noise() {
    return noise;
  }
}
