package dev.mixwell.mixer.ado;

/**
 * The scaling law that fits best. ADO's code starts L-BFGS from 512 places (8 each of a, e and
 * alpha) and keeps the best end. Here only the exponent is searched: given it, the best a and e are
 * found from anywhere ({@link LawOfExponent}). Exponents in even steps over the plausible range,
 * fitted to a thinned curve, give the start; golden sections around it, the end.
 *
 * <p>Deterministic: {@code StrictMath}, fixed order, no randomness.
 */
public final class ScalingLawFit {
  /** Steps between the least and the most plausible exponent; 0.1 wide for the reference's. */
  private static final int STEPS = 8;

  /** Steps tried beyond the plausible exponents; the points can outweigh the penalty. */
  private static final int MOST_BEYOND = 16;

  private static final int THINNED_POINTS = 64;
  private static final double GOLDEN = 0.6180339887498949;

  /** Of the exponent. */
  private static final double ACCURACY = 1e-6;

  private final LawObjective objective;
  private final double lnN0;

  private ScalingLawFit(LawObjective objective, double lnN0) {
    this.objective = objective;
    this.lnN0 = lnN0;
  }

  /** The best law of one exponent. */
  private record Candidate(double alpha, LawOfExponent family, LawOfExponent.Point at) {
    boolean isBetter(Candidate other) {
      return at.value() < other.at.value();
    }
  }

  /** The law with the least objective. */
  public static ScalingLaw best(LawObjective objective) {
    double sum = 0;
    for (int i = 0; i < objective.points(); i++) sum += objective.lnN(i);
    double lnN0 = sum / objective.points();
    var thinned = new ScalingLawFit(objective.thinned(THINNED_POINTS), lnN0);
    Candidate best = new ScalingLawFit(objective, lnN0).refined(thinned.start());
    return best.family.law(best.at);
  }

  /** The exponent of a step; the plausible ones have the steps 0 to {@link #STEPS}. */
  private double alpha(int step) {
    double least = objective.terms().leastAlpha(), most = objective.terms().mostAlpha();
    return step == STEPS ? most : least + step * ((most - least) / STEPS);
  }

  private record Start(int step, Candidate candidate) {}

  private Start start() {
    double half = StrictMath.exp(objective.lnLoss(objective.points() / 2)) / 2;
    half = Math.max(half, Double.MIN_NORMAL);
    var best = new Start(-2, solve(alpha(-2), half, half));
    for (int step = -1; step <= STEPS + 2; step++) {
      Candidate candidate = solve(alpha(step), half, half);
      if (candidate.isBetter(best.candidate)) best = new Start(step, candidate);
    }
    return best;
  }

  private Candidate refined(Start start) {
    int step = start.step;
    Candidate best = solve(alpha(step), start.candidate);
    Candidate left = solve(alpha(step - 1), best), right = solve(alpha(step + 1), best);
    while (left.isBetter(best) && step > -MOST_BEYOND) {
      right = best;
      best = left;
      left = solve(alpha(--step - 1), best);
    }
    while (right.isBetter(best) && step < STEPS + MOST_BEYOND) {
      left = best;
      best = right;
      right = solve(alpha(++step + 1), best);
    }
    if (step != 0 && step != STEPS) return between(left.alpha, right.alpha, best);
    Candidate onLeft = between(left.alpha, best.alpha, best); // best is on a kink of its penalty
    Candidate onRight = between(best.alpha, right.alpha, best);
    if (onLeft.isBetter(best)) best = onLeft;
    return onRight.isBetter(best) ? onRight : best;
  }

  /** Golden sections of a range of exponents; {@code near} gives the first a and e to go from. */
  private Candidate between(double from, double to, Candidate near) {
    double least = from, most = to;
    Candidate low = solve(most - GOLDEN * (most - least), near);
    Candidate high = solve(least + GOLDEN * (most - least), near);
    while (most - least > ACCURACY) {
      if (low.isBetter(high)) {
        most = high.alpha;
        high = low;
        low = solve(most - GOLDEN * (most - least), high);
      } else {
        least = low.alpha;
        low = high;
        high = solve(least + GOLDEN * (most - least), low);
      }
    }
    return low.isBetter(high) ? low : high;
  }

  private Candidate solve(double alpha, Candidate near) {
    return solve(alpha, near.at.e(), near.at.c());
  }

  private Candidate solve(double alpha, double e, double c) {
    var family = new LawOfExponent(objective, alpha, lnN0);
    return new Candidate(alpha, family, family.minimum(e, c));
  }
}
