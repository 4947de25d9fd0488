package dev.mixwell.mixer.ado;

/**
 * A power law of the loss: {@code L(n) = exp(e) + exp(a) n^-alpha}, n the rows seen (ADO, arXiv
 * 2410.11820, section 3; the parameters are its code's).
 *
 * @param a ln beta: ln of what n = 1 could still lose, nats
 * @param e ln eps: ln of the loss that no training removes, nats
 * @param alpha exponent
 */
public record ScalingLaw(double a, double e, double alpha) {
  /** The part of the loss that training can remove, nats. */
  public double reducible(double n) {
    return StrictMath.exp(a - alpha * StrictMath.log(n));
  }

  /** Nats per token. */
  public double loss(double n) {
    return StrictMath.exp(e) + reducible(n);
  }

  /** -dL/dn with an exponent of at least {@code leastAlpha}, nats per token and row. */
  public double slope(double n, double leastAlpha) {
    return Math.max(alpha, leastAlpha) * reducible(n) / n;
  }

  public boolean isFinite() {
    return Double.isFinite(a) && Double.isFinite(e) && Double.isFinite(alpha);
  }
}
