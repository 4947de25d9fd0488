package dev.mixwell.mixer.rules;

/**
 * One step of exponentiated gradient descent on the simplex, shared by the mixers that solve for p
 * multiplicatively (Aioli, arXiv 2411.05735, lemma 1; the smoothing is DoReMi's, arXiv 2305.10429,
 * algorithm 1).
 */
public final class Egd {
  private Egd() {}

  /**
   * {@code (1 - c) softmax(ln p + eta g) + c / m}. A share of 0 stays 0 unless c is above 0.
   *
   * @param p [m] on the simplex
   * @param g [m] what a group gains, per unit of eta
   * @param c smoothing, from 0 to 1
   * @return [m]; not on the simplex where {@code eta g} is not finite: callers check
   */
  public static double[] step(double[] p, double[] g, double eta, double c) {
    int groups = p.length;
    double[] exponents = new double[groups];
    for (int i = 0; i < groups; i++) exponents[i] = StrictMath.log(p[i]) + eta * g[i];
    double[] shares = Softmax.of(exponents);
    for (int i = 0; i < groups; i++) shares[i] = (1 - c) * shares[i] + c / groups;
    return shares;
  }
}
