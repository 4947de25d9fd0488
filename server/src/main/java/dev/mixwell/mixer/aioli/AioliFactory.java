package dev.mixwell.mixer.aioli;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of {@link Aioli}. Defaults are those of the paper (tables 13 to 18): eps
 * 0.75, eta 0.2, k = 4 and q = 4 or 6 for 2 or 3 groups, else k = 2 and q = 10; rounds of 250 or
 * 2,000 steps.
 */
public final class AioliFactory implements MixerFactory {
  private static final long MOST_STEPS = 1L << 40;
  private static final double MOST_EPSILON = 0.999;

  /** Rounding must not take a row: 0.75 x 8 rows are 6. */
  private static final double WHOLE = 1e-9;

  @Override
  public String name() {
    return "aioli";
  }

  /**
   * What each says:
   *
   * <ul>
   *   <li>{@code variant}: the paper's rule; one round whose result is held; a diagonal A; or the
   *       authors' code;
   *   <li>{@code roundSteps}: steps of one round, its probes and its main part; more than the
   *       probes take;
   *   <li>{@code rounds}: rounds after which the last proportions are held; the default 0 is no
   *       end;
   *   <li>{@code sweeps}: how often a round probes each group (k);
   *   <li>{@code segmentSteps}: steps of one probe (q);
   *   <li>{@code epsilon}: how far a probe is from serving its group alone (eps);
   *   <li>{@code eta}: the step size of the update;
   *   <li>{@code gamma}: how much of the moving average of A a round keeps;
   *   <li>{@code normalize}: whether A is shifted and divided by its sum;
   *   <li>{@code initialWeights}: the weights by group that are served before the first round;
   *   <li>{@code initialSteps}: for how many steps {@code initialWeights} are served.
   * </ul>
   */
  @Override
  public List<String> parameters() {
    return List.of(
        "variant",
        "roundSteps",
        "rounds",
        "sweeps",
        "segmentSteps",
        "epsilon",
        "eta",
        "gamma",
        "normalize",
        "initialWeights",
        "initialSteps");
  }

  @Override
  public Mixer create(Parameters given, MixerContext context) {
    int groups = context.size();
    given.checkGroups(groups, Aioli.MAX_GROUPS, "it fits an m x m law with a probe for each");
    String name =
        given.choice("variant", "paper", List.of("paper", "static", "diagonal", "reference"));
    Aioli.Variant variant = Aioli.Variant.valueOf(name.toUpperCase(Locale.ROOT));
    double epsilon = given.number("epsilon", 0.75, 0, MOST_EPSILON);
    Proportions initial = initial(given, context);
    var rule =
        new Aioli.Rule(
            variant,
            epsilon,
            given.number("eta", 0.2, 0, 1e3),
            given.has("gamma") ? given.number("gamma", 0, 0, Math.nextDown(1.0)) : null,
            given.flag("normalize", true),
            initial);
    ProbeSchedule schedule = schedule(given, groups, variant, initial);
    double[][] probes = new double[groups][];
    for (int i = 0; i < groups; i++) {
      probes[i] = probe(groups, epsilon, i);
      if (variant == Aioli.Variant.REFERENCE) probes[i] = wholeRows(probes[i], context.batchRows());
    }
    ProbeOrder order = ProbeOrder.shuffled(context.seed(), context.groups(), schedule.sweeps());
    return new Aioli(rule, schedule, order, probes);
  }

  private static @Nullable Proportions initial(Parameters given, MixerContext context) {
    if (!given.has("initialWeights")) {
      given.refuseIfGiven("initialSteps", "there are no `initialWeights` to serve");
      return null;
    }
    return Proportions.normalised(given.weights("initialWeights", context.groups()));
  }

  private static ProbeSchedule schedule(
      Parameters given, int groups, Aioli.Variant variant, @Nullable Proportions initial) {
    boolean isStatic = variant == Aioli.Variant.STATIC;
    if (isStatic) {
      given.refuseIfGiven("rounds", "the variant `static` has one");
      given.refuseIfGiven("roundSteps", "the variant `static` holds its proportions for ever");
    }
    boolean isSmall = groups <= 3;
    int sweeps = (int) given.count("sweeps", isSmall ? 4 : 2, 1, 1_000);
    int segmentSteps = (int) given.count("segmentSteps", isSmall ? 2L * groups : 10, 1, 1_000_000);
    long probeSteps = (long) sweeps * groups * segmentSteps;
    long roundSteps =
        isStatic
            ? MOST_STEPS
            : given.count(
                "roundSteps", Math.max(isSmall ? 250 : 2_000, 2 * probeSteps), 1, MOST_STEPS);
    if (groups > 1 && roundSteps <= probeSteps)
      throw refusal(
          "has `roundSteps` %d, but %d sweeps over %d groups of %d steps probe for %d: a round is longer than its probes. Raise `roundSteps`, or lower `sweeps` or `segmentSteps`."
              .formatted(roundSteps, sweeps, groups, segmentSteps, probeSteps));
    long initialSteps = initial == null ? 0 : given.count("initialSteps", 0, 1, MOST_STEPS);
    if (initial != null && initialSteps == 0)
      throw refusal("has `initialWeights` but no `initialSteps`: say for how many steps.");
    return new ProbeSchedule(
        groups,
        initialSteps,
        roundSteps,
        sweeps,
        segmentSteps,
        isStatic ? 1 : given.count("rounds", 0, 1, MOST_STEPS));
  }

  /** Row {@code probed} of P: o = 1 - eps + eps/m on the diagonal. */
  private static double[] probe(int groups, double epsilon, int probed) {
    double[] row = new double[groups];
    Arrays.fill(row, epsilon / groups);
    row[probed] = 1 - epsilon + epsilon / groups;
    return row;
  }

  /**
   * What the authors' code serves of a probe: each group but the last max(1, floor(p B)) rows of a
   * batch and the last the rest, or none (their slimpj_dataset.py, lines 194-196).
   */
  static double[] wholeRows(double[] probe, int batchRows) {
    double[] counts = new double[probe.length];
    double rest = batchRows;
    double sum = 0;
    for (int i = 0; i < probe.length; i++) {
      boolean isLast = i == probe.length - 1;
      counts[i] =
          isLast ? Math.max(0, rest) : Math.max(1, Math.floor(probe[i] * batchRows + WHOLE));
      rest -= counts[i];
      sum += counts[i];
    }
    for (int i = 0; i < counts.length; i++) counts[i] /= sum;
    return counts;
  }

  private static Refusal refusal(String what) {
    return new Refusal(ProblemType.INVALID_MIXER, "The mixer `aioli` " + what);
  }
}
