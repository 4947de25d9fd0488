package dev.mixwell.experiment.report;

/** The paired sign test: how likely so one-sided a result is if neither side were better. */
final class PairedSigns {
  private PairedSigns() {}

  /**
   * Two-sided and exact: twice the binomial tail of the rarer sign, at most 1. Ties count nowhere.
   */
  static double twoSided(int wins, int losses) {
    int n = wins + losses;
    double ways = 1; // n over k
    double tail = 0;
    for (int k = 0; k <= Math.min(wins, losses); k++) {
      tail += ways;
      ways = ways * (n - k) / (k + 1);
    }
    return Math.min(1, 2 * tail / Math.pow(2, n));
  }
}
