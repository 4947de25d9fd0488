package dev.mixwell.mixer.ado;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Proportions;
import java.util.List;

/** Reads the parameters of {@link Ado} and of its fit. */
public final class AdoFactory implements MixerFactory {
  private static final long MOST_STEPS = 1L << 40;
  private static final int MOST_WINDOW = 1001;
  private static final int MOST_ORDER = 9;

  /** Between the end of what is ignored and the first fit. */
  private static final long LEAST_FITTED_STEPS = 200;

  @Override
  public String name() {
    return "ado";
  }

  /**
   * What each says:
   *
   * <ul>
   *   <li>{@code prior}: what the prior's shares (mu) are proportional to;
   *   <li>{@code weights}: each group's weight in the prior, for the prior {@code weights};
   *   <li>{@code ignoreSteps}: steps at the start whose losses are not fitted;
   *   <li>{@code startStep}: no law is fitted before this many steps;
   *   <li>{@code updateInterval}: steps from fit to fit;
   *   <li>{@code sameStepSize}: whether each group's n grows by the rows of the whole batch, or by
   *       its own;
   *   <li>{@code historyDecay}: how much of the credit h a step keeps;
   *   <li>{@code historyExponent}: the power of the credit h (s);
   *   <li>{@code blend}: how much of the proportions is the average of rho;
   *   <li>{@code minShare}: the least share of a group in rho; at most 1/m, by default min(0.01,
   *       0.5/m);
   *   <li>{@code exponentFloor}: the least exponent alpha in the slope;
   *   <li>{@code huberDelta}: the residual of ln L from which on it counts linearly;
   *   <li>{@code maxA}: above it a law's ln A is penalised;
   *   <li>{@code minE}: below it a law's ln E is penalised;
   *   <li>{@code minAlpha}: below it a law's exponent alpha is penalised;
   *   <li>{@code maxAlpha}: above it a law's exponent alpha is penalised;
   *   <li>{@code smoothingWindow}: losses under one polynomial of the smoothing; an odd number;
   *   <li>{@code smoothingOrder}: the order of that polynomial; below the window;
   *   <li>{@code stride}: every so many smoothed steps one is fitted;
   *   <li>{@code maxPoints}: the most points that one law is fitted to.
   * </ul>
   */
  @Override
  public List<String> parameters() {
    return List.of(
        "prior",
        "weights",
        "ignoreSteps",
        "startStep",
        "updateInterval",
        "sameStepSize",
        "historyDecay",
        "historyExponent",
        "blend",
        "minShare",
        "exponentFloor",
        "huberDelta",
        "maxA",
        "minE",
        "minAlpha",
        "maxAlpha",
        "smoothingWindow",
        "smoothingOrder",
        "stride",
        "maxPoints");
  }

  @Override
  public Mixer create(Parameters given, MixerContext context) {
    long ignored = given.count("ignoreSteps", 1000, 0, MOST_STEPS);
    long stride = given.count("stride", 10, 1, 1000);
    SavitzkyGolay filter = filter(given);
    long leastStart =
        Math.max(
            ignored + Math.max(LEAST_FITTED_STEPS, stride * (LossCurves.LEAST_POINTS - 1)),
            filter.window());
    boolean isSame = given.flag("sameStepSize", true);
    Proportions prior = prior(given, context);
    long start =
        given.count("startStep", Math.max(ignored + 1000, leastStart), leastStart, 2 * MOST_STEPS);
    long interval = given.count("updateInterval", 1000, 1, MOST_STEPS);
    var usual = Ado.Rule.usual(prior, start, interval, isSame);
    var rule =
        new Ado.Rule(
            prior,
            start,
            interval,
            isSame,
            given.number("historyDecay", usual.historyDecay(), 0, 1),
            given.number("historyExponent", usual.historyExponent(), 0, 10),
            given.number("blend", usual.blend(), 0, 1),
            given.number("minShare", usual.minShare(), 0, 1.0 / context.size()),
            given.number("exponentFloor", usual.exponentFloor(), 0, 10));
    int most = (int) given.count("maxPoints", 500, LossCurves.LEAST_POINTS, 100_000);
    var sampling = new LossCurves.Sampling(ignored, stride, most);
    return new Ado(rule, new HistoryRefit(filter, sampling, terms(given), !isSame));
  }

  private static SavitzkyGolay filter(Parameters given) {
    int window = (int) given.count("smoothingWindow", 101, 1, MOST_WINDOW);
    if (window % 2 == 0)
      throw given.refusal("smoothingWindow", "an odd number is expected, as it has a middle");
    int most = Math.min(MOST_ORDER, window - 1);
    return new SavitzkyGolay(
        window, (int) given.count("smoothingOrder", Math.min(3, most), 0, most));
  }

  private static LawObjective.Terms terms(Parameters given) {
    var reference = LawObjective.Terms.REFERENCE;
    double minAlpha = given.number("minAlpha", reference.leastAlpha(), 0, 5);
    return new LawObjective.Terms(
        given.number("huberDelta", reference.huberDelta(), 1e-9, 10),
        given.number("maxA", reference.mostA(), -20, 50),
        given.number("minE", reference.leastE(), -20, 20),
        minAlpha,
        given.number(
            "maxAlpha", Math.max(reference.mostAlpha(), minAlpha + 0.1), minAlpha + 0.1, 10));
  }

  private static Proportions prior(Parameters given, MixerContext context) {
    String prior =
        given.choice(
            "prior",
            given.has("weights") ? "weights" : "tokens",
            List.of("tokens", "uniform", "weights"));
    if (prior.equals("weights"))
      return Proportions.normalised(given.weights("weights", context.groups()));
    given.refuseIfGiven("weights", "the prior is `" + prior + "`");
    if (prior.equals("uniform")) return Proportions.uniform(context.size());
    long[] groupTokens = context.groupTokens();
    double[] tokens = new double[groupTokens.length];
    double sum = 0;
    for (int i = 0; i < tokens.length; i++) sum += tokens[i] = groupTokens[i];
    if (sum == 0)
      throw new Refusal(
          ProblemType.INVALID_MIXER,
          "The mixer `ado` has no prior to go by: no group of the run has tokens. Set `prior` to"
              + " `uniform`.");
    return Proportions.normalised(tokens);
  }
}
