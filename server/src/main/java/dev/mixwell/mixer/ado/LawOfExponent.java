package dev.mixwell.mixer.ado;

/**
 * The best scaling law of one exponent. With x = (n / n0)^-alpha given, the loss is linear in what
 * is left, L = E + C x, and nearly quadratic to fit: damped Newton steps (Levenberg, Marquardt) in
 * E and C need few. A step minimises the sum's quadratic model together with the penalties, which
 * it takes as linear on either side of their kink: an optimum on the kink, where many fits end, is
 * reached exactly.
 */
final class LawOfExponent {
  private static final int MOST_STEPS = 60;
  private static final double MOST_DAMPING = 1e8;
  private static final double LEAST_DAMPING = 1e-6;

  /** A step that promises less is not taken; one residual of 1e-3 is worth 5e-7. */
  private static final double LEAST_GAIN = 1e-14;

  /** No step shrinks E or C by more: both stay above 0. */
  private static final double MOST_SHRINKING = 8;

  private final LawObjective objective;
  private final double alpha;
  private final double lnN0;
  private final double[] x;
  private final double kinkE;
  private final double kinkC;

  /**
   * @param lnN0 where C is measured; amid the points, so that it hardly depends on alpha
   */
  LawOfExponent(LawObjective objective, double alpha, double lnN0) {
    this.objective = objective;
    this.alpha = alpha;
    this.lnN0 = lnN0;
    x = new double[objective.points()];
    for (int i = 0; i < x.length; i++) x[i] = StrictMath.exp(-alpha * (objective.lnN(i) - lnN0));
    kinkE = StrictMath.exp(objective.terms().leastE());
    kinkC = StrictMath.exp(objective.terms().mostA() - alpha * lnN0);
  }

  /**
   * A law of this exponent.
   *
   * @param e nats that stay, above 0
   * @param c nats that training can remove, at n0, above 0
   * @param value the objective
   */
  record Point(double e, double c, double value) {}

  ScalingLaw law(Point at) {
    return new ScalingLaw(StrictMath.log(at.c) + alpha * lnN0, StrictMath.log(at.e), alpha);
  }

  /** A local minimum, downhill from there. */
  Point minimum(double startE, double startC) {
    Slopes here = slopes(startE, startC);
    double damping = 1;
    for (int step = 0; step < MOST_STEPS && damping <= MOST_DAMPING; step++) {
      Move move = move(here, damping);
      if (!(move.gain >= LEAST_GAIN)) break;
      Slopes there = slopes(here.at.e + move.e, here.at.c + move.c);
      if (there.at.value <= here.at.value - 1e-4 * move.gain) {
        here = there;
        damping = Math.max(LEAST_DAMPING, damping / 8);
      } else damping *= 4;
    }
    return here.at;
  }

  /** A symmetric matrix of two by two. */
  private record Curvature(double ee, double ec, double cc) {}

  /**
   * The sum over the points, without the penalties, to second order.
   *
   * @param inner Gauss-Newton curvature of the points within huberDelta: the sum's own
   * @param outer with those beyond, each weighted by huberDelta / |r|: bounds the sum from above
   */
  private record Slopes(Point at, double byE, double byC, Curvature inner, Curvature outer) {}

  private Slopes slopes(double e, double c) {
    double delta = objective.terms().huberDelta();
    double w = objective.weight();
    double sum = 0, byE = 0, byC = 0;
    double innerEE = 0, innerEC = 0, innerCC = 0, outerEE = 0, outerEC = 0, outerCC = 0;
    for (int i = 0; i < x.length; i++) {
      double loss = e + c * x[i];
      double residual = objective.lnLoss(i) - StrictMath.log(loss);
      double size = Math.abs(residual);
      sum += objective.huber(residual);
      double share = w * (size > delta ? delta / size : 1);
      double toE = 1 / loss, toC = x[i] / loss;
      byE -= share * residual * toE;
      byC -= share * residual * toC;
      outerEE += share * toE * toE;
      outerEC += share * toE * toC;
      outerCC += share * toC * toC;
      if (size > delta) continue;
      innerEE += share * toE * toE;
      innerEC += share * toE * toC;
      innerCC += share * toC * toC;
    }
    double penalty =
        objective.terms().penalty(StrictMath.log(c) + alpha * lnN0, StrictMath.log(e), alpha);
    return new Slopes(
        new Point(e, c, w * sum + penalty),
        byE,
        byC,
        new Curvature(innerEE, innerEC, innerCC),
        new Curvature(outerEE, outerEC, outerCC));
  }

  private record Move(double e, double c, double gain) {}

  /**
   * The lowest point of the model: in each of E and C it lies at the least value allowed, on the
   * kink, or on one side of it, and each of these cases is a linear equation.
   */
  private Move move(Slopes here, double damping) {
    Axis e = Axis.of(here.at.e, kinkE, -1 / Math.min(here.at.e, kinkE), 0);
    Axis c = Axis.of(here.at.c, kinkC, 0, 1 / Math.max(here.at.c, kinkC));
    Curvature h = damped(here, damping);
    Move best = new Move(0, 0, 0);
    for (Rest i : Rest.values())
      for (Rest j : Rest.values()) {
        double wantE = -(here.byE + e.slope(i)), wantC = -(here.byC + c.slope(j));
        double toE, toC;
        if (i.isFree && j.isFree) {
          double determinant = h.ee * h.cc - h.ec * h.ec;
          toE = e.move(i, (h.cc * wantE - h.ec * wantC) / determinant);
          toC = c.move(j, (h.ee * wantC - h.ec * wantE) / determinant);
        } else if (j.isFree) {
          toE = e.move(i, 0);
          toC = c.move(j, (wantC - h.ec * toE) / h.cc);
        } else {
          toC = c.move(j, 0);
          toE = e.move(i, (wantE - h.ec * toC) / h.ee);
        }
        double model =
            (here.byE + 0.5 * h.ee * toE + h.ec * toC) * toE
                + (here.byC + 0.5 * h.cc * toC) * toC
                + e.penalty(toE)
                + c.penalty(toC);
        if (-model > best.gain) best = new Move(toE, toC, -model);
      }
    return best;
  }

  private static Curvature damped(Slopes here, double damping) {
    double diagonal = damping * (1 + 1e-12); // else singular where all x are equal
    return new Curvature(
        here.inner.ee + diagonal * here.outer.ee,
        here.inner.ec + damping * here.outer.ec,
        here.inner.cc + diagonal * here.outer.cc);
  }

  /** Where one of E and C ends. */
  private enum Rest {
    LEAST(false),
    LEFT(true),
    KINK(false),
    RIGHT(true);

    final boolean isFree;

    Rest(boolean isFree) {
      this.isFree = isFree;
    }
  }

  /**
   * One of E and C in a step.
   *
   * @param left slope of its penalty left of the kink
   * @param right and right of it
   */
  private record Axis(double at, double least, double kink, double left, double right) {
    static Axis of(double at, double kink, double left, double right) {
      return new Axis(at, Math.max(at / MOST_SHRINKING, Double.MIN_NORMAL), kink, left, right);
    }

    double slope(Rest rest) {
      return rest == Rest.LEFT ? left : right;
    }

    /** The move that ends there, as near as it can be to the one wanted. */
    double move(Rest rest, double wanted) {
      double to =
          switch (rest) {
            case LEAST -> least;
            case LEFT -> Math.min(at + wanted, kink);
            case KINK -> kink;
            case RIGHT -> Math.max(at + wanted, kink);
          };
      return Math.max(to, least) - at;
    }

    double penalty(double move) {
      double to = at + move;
      return left * (Math.min(to, kink) - Math.min(at, kink))
          + right * (Math.max(to, kink) - Math.max(at, kink));
    }
  }
}
