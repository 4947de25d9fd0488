package dev.mixwell.mixer;

/** The gradients of one step (DoGE, arXiv 2310.15393, equation 4). Immutable. */
public final class Alignment {
  private final double learningRate;
  private final double[] sums;
  private final double[] own;
  private final double[] norms;
  private final boolean[] seen;

  /**
   * @param learningRate of the step
   * @param sums [m] inner product of the group's training gradient with the sum of the targets'
   * @param own [m] the part of it that is the group's own target's; 0 if it was not told apart
   * @param norms [m] length of the group's training gradient
   * @param seen [m] whether the group was reported
   */
  public Alignment(
      double learningRate, double[] sums, double[] own, double[] norms, boolean[] seen) {
    this.learningRate = learningRate;
    this.sums = sums.clone();
    this.own = own.clone();
    this.norms = norms.clone();
    this.seen = seen.clone();
  }

  public double learningRate() {
    return learningRate;
  }

  public int groups() {
    return sums.length;
  }

  /** Whether the group was reported. */
  public boolean saw(int group) {
    return seen[group];
  }

  /** Inner product of the group's training gradient with the sum of the targets'. */
  public double sum(int group) {
    return sums[group];
  }

  /** The part of {@link #sum} that is the group's own target's; 0 if it was not told apart. */
  public double own(int group) {
    return own[group];
  }

  /** Length of the group's training gradient. */
  public double norm(int group) {
    return norms[group];
  }
}
