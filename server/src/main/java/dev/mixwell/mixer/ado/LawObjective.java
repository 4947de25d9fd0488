package dev.mixwell.mixer.ado;

/**
 * How badly a scaling law fits one group's curve, as ADO's code measures it (arXiv 2410.11820): the
 * sum over the points of huber(ln L - ln L(n)), plus penalties that keep the parameters plausible.
 * With r the residual, huber(r) is r^2 / 2 up to |r| = delta, and delta (|r| - delta / 2) beyond.
 * Immutable.
 */
public final class LawObjective {
  /**
   * What is minimised.
   *
   * @param huberDelta residual of ln L from which on it counts linearly
   * @param mostA above it the penalty is a - mostA
   * @param leastE below it the penalty is leastE - e: the fit takes at least exp(leastE) nats for
   *     irreducible unless the points insist
   * @param leastAlpha the penalty is -min(alpha, leastAlpha)
   * @param mostAlpha above it the penalty is alpha - mostAlpha
   */
  public record Terms(
      double huberDelta, double mostA, double leastE, double leastAlpha, double mostAlpha) {
    /** As in the authors' code. */
    public static final Terms REFERENCE = new Terms(1e-3, 6.5, 0.5, 1e-3, 0.8);

    double penalty(double a, double e, double alpha) {
      return Math.max(a - mostA, 0)
          - Math.min(e - leastE, 0)
          + Math.max(alpha - mostAlpha, 0)
          - Math.min(alpha, leastAlpha);
    }
  }

  private final double[] lnN;
  private final double[] lnLoss;
  private final double weight;
  private final Terms terms;

  /**
   * @param n [points] rows seen, above 0
   * @param loss [points] nats per token, above 0
   * @param weight of each point
   */
  public LawObjective(double[] n, double[] loss, double weight, Terms terms) {
    if (n.length != loss.length || n.length == 0)
      throw new IllegalArgumentException(n.length + " counts and " + loss.length + " losses");
    this.lnN = logs(n);
    this.lnLoss = logs(loss);
    this.weight = weight;
    this.terms = terms;
  }

  private LawObjective(LawObjective whole, int every) {
    int points = (whole.points() + every - 1) / every;
    lnN = new double[points];
    lnLoss = new double[points];
    for (int i = 0; i < points; i++) {
      lnN[i] = whole.lnN[i * every];
      lnLoss[i] = whole.lnLoss[i * every];
    }
    weight = whole.weight * whole.points() / points;
    terms = whole.terms;
  }

  /** At most {@code most} of the points, evenly taken, which weigh as much as all. */
  LawObjective thinned(int most) {
    int every = (points() + most - 1) / most;
    return every == 1 ? this : new LawObjective(this, every);
  }

  public int points() {
    return lnN.length;
  }

  double lnN(int point) {
    return lnN[point];
  }

  double lnLoss(int point) {
    return lnLoss[point];
  }

  double weight() {
    return weight;
  }

  Terms terms() {
    return terms;
  }

  /** The objective; NaN or infinite where a parameter is. */
  public double value(ScalingLaw law) {
    double sum = 0;
    for (int i = 0; i < lnN.length; i++) {
      double exponent = law.a() - law.alpha() * lnN[i];
      double rest = StrictMath.log1p(StrictMath.exp(-Math.abs(exponent - law.e())));
      sum += huber(lnLoss[i] - Math.max(exponent, law.e()) - rest);
    }
    return weight * sum + terms.penalty(law.a(), law.e(), law.alpha());
  }

  double huber(double residual) {
    double size = Math.abs(residual);
    double delta = terms.huberDelta;
    return size > delta ? delta * (size - 0.5 * delta) : 0.5 * size * size;
  }

  private static double[] logs(double[] values) {
    double[] logs = new double[values.length];
    for (int i = 0; i < logs.length; i++) {
      if (!(values[i] > 0 && values[i] <= Double.MAX_VALUE))
        throw new IllegalArgumentException("not a positive number: " + values[i]);
      logs[i] = StrictMath.log(values[i]);
    }
    return logs;
  }
}
