package dev.mixwell.mixer.rules;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Proportions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code doremi}: DoReMi (arXiv 2305.10429, algorithm 1). A small proxy model trains while groups
 * on which it is behind a reference model gain weight. With lambda_i the excess loss of group i, in
 * nats per token, {@code p = (1 - c) softmax(ln p + eta lambda) + c / m}, from p^0 = the reference
 * weights. What it is run for is {@code average}, the mean of p over the steps. Three rules go by
 * that name:
 *
 * <ul>
 *   <li>{@code paper}: lambda is the mean over tokens of max(loss - reference loss, 0), and 0 for
 *       groups that were not seen; p^0 is no sample of the mean. Awaits {@code excess};
 *   <li>{@code reference}, the authors' code: a group that was not seen has its last lambda applied
 *       again, at first {@code initialExcess} (ln 50,277, their vocabulary); p^0 is the mean's
 *       first sample. Awaits {@code excess};
 *   <li>{@code aioli}, the reimplementation beside arXiv 2411.05735: as {@code reference}, with
 *       lambda = max(mean loss - mean reference loss, 0), clipped after the mean; a difference of
 *       exactly 0 counts as not seen; eta .01, initialExcess 1e-6; p^0 is no sample of the mean.
 *       Awaits {@code difference}.
 * </ul>
 *
 * By default the run samples from the fixed weights s and p travels as loss weights p / s with the
 * batch; a trainer multiplies a row's loss by its group's. {@code sampling: proportions} samples
 * from p instead, which is the same in expectation. s is {@code referenceWeights}; without them the
 * proportions in force before, and uniform for a run's first mixer. Continuing from current
 * proportions, p^0 is those, also with {@code referenceWeights}.
 *
 * <p>Departures: an excess that is not finite counts as not seen. A step with nothing seen, or one
 * whose p would leave the simplex, changes nothing, so no lambda is applied again for it. The paper
 * starts from uniform. The weight of a group that s never samples is 0.
 */
public final class Doremi implements Mixer {
  private static final int VERSION = 1;

  private enum Variant {
    PAPER,
    REFERENCE,
    AIOLI
  }

  /**
   * The configuration.
   *
   * @param initialExcess lambda of a group before it is first seen, where lambda is kept
   * @param isWeighing p becomes loss weights; else it is sampled
   */
  private record Rule(
      Variant variant,
      double eta,
      double smoothing,
      double initialExcess,
      @Nullable Proportions reference,
      boolean isWeighing) {
    boolean keepsExcess() {
      return variant != Variant.PAPER;
    }
  }

  private final int groups;
  private final Rule rule;

  private Doremi(int groups, Rule rule) {
    this.groups = groups;
    this.rule = rule;
  }

  @Override
  public String name() {
    return "doremi";
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public FeedbackKind awaits() {
    return rule.variant == Variant.AIOLI ? FeedbackKind.DIFFERENCE : FeedbackKind.EXCESS;
  }

  /**
   * State: p [m], average [m] and count; s [m] where p becomes loss weights; lambda [m] where it is
   * kept.
   */
  @Override
  public Decision start(@Nullable Proportions current) {
    Proportions uniform = Proportions.uniform(groups);
    Proportions fallback = current == null ? uniform : current;
    Proportions s = rule.reference == null ? fallback : rule.reference;
    Proportions p = current == null ? s : current;
    int samples = rule.variant == Variant.REFERENCE ? 1 : 0;
    MixerState state = RunningMean.start(MixerState.empty(), p.toArray(), samples);
    if (rule.isWeighing) state = state.with("s", s.toArray());
    if (rule.keepsExcess()) {
      double[] lambda = new double[groups];
      for (int i = 0; i < groups; i++) lambda[i] = rule.initialExcess;
      state = state.with("lambda", lambda);
    }
    return decision(state.with("p", p.toArray()));
  }

  @Override
  public Decision fold(MixerState before, Observation seen) {
    double[] lambda = rule.keepsExcess() ? before.vector("lambda") : new double[groups];
    if (!readExcess(lambda, seen)) return decision(before);
    double[] p = Egd.step(before.vector("p"), lambda, rule.eta, rule.smoothing);
    if (!Proportions.onSimplex(p)) return decision(before);
    MixerState after = RunningMean.add(before.with("p", p), p);
    return decision(rule.keepsExcess() ? after.with("lambda", lambda) : after);
  }

  /** Puts what was seen into lambda [m]; false if there was nothing usable. */
  private boolean readExcess(double[] lambda, Observation seen) {
    boolean isAny = false;
    for (int i = 0; i < groups; i++) {
      if (!seen.saw(i) || !Double.isFinite(seen.meanLoss(i))) continue;
      isAny = true;
      double excess = seen.meanLoss(i);
      if (rule.variant == Variant.AIOLI && excess == 0) continue;
      lambda[i] = Math.max(excess, 0);
    }
    return isAny;
  }

  private Decision decision(MixerState state) {
    Proportions p = Proportions.of(state.vector("p"));
    if (!rule.isWeighing) return new Decision(state, p);
    Proportions s = Proportions.of(state.vector("s"));
    double[] weights = new double[groups];
    for (int i = 0; i < groups; i++) {
      double weight = p.share(i) / s.share(i);
      weights[i] = Double.isFinite(weight) ? weight : 0; // s is 0, or too small to be sampled
    }
    return new Decision(state, s, weights);
  }

  /** Reads the parameters. */
  public static final class Factory implements MixerFactory {
    private static final double VOCABULARY = 50_277;

    @Override
    public String name() {
      return "doremi";
    }

    /**
     * What each says:
     *
     * <ul>
     *   <li>{@code variant}: the paper's rule, the authors' code, or that of Aioli's authors;
     *   <li>{@code eta}: the step size of the update;
     *   <li>{@code smoothing}: how much of the proportions is uniform (c);
     *   <li>{@code referenceWeights}: the weights by group that are sampled (s) and that the
     *       proportions begin with;
     *   <li>{@code sampling}: {@code reference} samples from s and sends the proportions as loss
     *       weights; {@code proportions} samples from them;
     *   <li>{@code initialExcess}: the excess of a group before it is first seen, in nats a token.
     * </ul>
     */
    @Override
    public List<String> parameters() {
      return List.of(
          "variant", "eta", "smoothing", "referenceWeights", "sampling", "initialExcess");
    }

    @Override
    public Mixer create(Parameters given, MixerContext context) {
      String name = given.choice("variant", "paper", List.of("paper", "reference", "aioli"));
      Variant variant = Variant.valueOf(name.toUpperCase(Locale.ROOT));
      if (variant == Variant.PAPER)
        given.refuseIfGiven("initialExcess", "the variant `paper` keeps no excess for later steps");
      boolean isAioli = variant == Variant.AIOLI;
      var rule =
          new Rule(
              variant,
              given.number("eta", isAioli ? 0.01 : 1, 0, 1e3),
              given.number("smoothing", 1e-3, 0, 1),
              given.number("initialExcess", isAioli ? 1e-6 : StrictMath.log(VOCABULARY), 0, 1e3),
              given.has("referenceWeights")
                  ? Proportions.normalised(given.weights("referenceWeights", context.groups()))
                  : null,
              given
                  .choice("sampling", "reference", List.of("reference", "proportions"))
                  .equals("reference"));
      return new Doremi(context.size(), rule);
    }
  }
}
