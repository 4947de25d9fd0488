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
 * {@code odm}: Online Data Mixing (arXiv 2312.02406), a bandit whose arms are the groups and whose
 * reward is the training loss. With eps_t = min(1/m, sqrt(ln m / (m t))), three rules go by that
 * name:
 *
 * <ul>
 *   <li>{@code paper}, as restated in arXiv 2411.05735, appendix B.1: R_j = alpha R_j + (1 - alpha)
 *       L_j / q_j for the groups seen, p = (1 - m eps_t) softmax(eps_(t-1) R) + eps_t;
 *   <li>{@code reference}, the authors' code as shipped: R_j = alpha R_j + (1 - alpha) exp(L_j),
 *       without importance weight, and the shares R / sum R in place of the softmax; {@code update:
 *       single} keeps the softmax, as that code does for one arm;
 *   <li>{@code exp3}, the same code's plain Exp3: R_j = R_j + L_j / rewardDivisor / q_j, with the
 *       softmax.
 * </ul>
 *
 * eps_(t-1) is the rate of the last update, so 1/m at the first. Steps up to {@code warmupSteps}
 * and those that {@code updateFrequency} does not divide leave all as it is; their losses are not
 * kept.
 *
 * <p>Departures: q is the recorded one, of the step the losses belong to. Losses are clipped to [0,
 * lossClip] (15 nats; 0 turns it off), as one spike of exp(L) outweighs dozens of later steps.
 * Exponents are shifted by their maximum. A loss or reward that is not finite counts as not seen;
 * after a step with nothing to go by, or while R is 0, p stays. For m = 1 p is [1], where the
 * reference divides by zero.
 */
public final class Odm implements Mixer {
  private static final int VERSION = 1;

  /** How R is fed. */
  private enum Variant {
    PAPER,
    REFERENCE,
    EXP3
  }

  /**
   * The configuration.
   *
   * @param isLinear shares are R / sum R, not its softmax
   */
  private record Rule(
      Variant variant,
      boolean isLinear,
      double alpha,
      double rewardDivisor,
      double lossClip,
      long warmupSteps,
      long updateFrequency) {}

  private final int groups;
  private final Rule rule;

  private Odm(int groups, Rule rule) {
    this.groups = groups;
    this.rule = rule;
  }

  @Override
  public String name() {
    return "odm";
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public FeedbackKind awaits() {
    return FeedbackKind.TRAIN;
  }

  /** State: R [m], eps (the rate of the last update) and p [m], the proportions decided last. */
  @Override
  public Decision start(@Nullable Proportions current) {
    Proportions p = current == null ? Proportions.uniform(groups) : current;
    return decision(MixerState.empty().with("R", new double[groups]).with("eps", 1.0 / groups), p);
  }

  @Override
  public Decision fold(MixerState before, Observation seen) {
    Proportions held = Proportions.of(before.vector("p"));
    double[] rewards = before.vector("R");
    if (!isDue(seen.t()) || !addRewards(rewards, seen)) return new Decision(before, held);
    double rate = Exploration.rate(groups, seen.t());
    MixerState after = before.with("R", rewards).with("eps", rate);
    if (areZero(rewards)) return decision(after, held);
    double[] p = Exploration.mix(shares(rewards, before.scalar("eps")), rate);
    return Proportions.onSimplex(p)
        ? decision(after, Proportions.of(p))
        : new Decision(before, held);
  }

  private static Decision decision(MixerState state, Proportions p) {
    return new Decision(state.with("p", p.toArray()), p);
  }

  private boolean isDue(long t) {
    return t > rule.warmupSteps && t % rule.updateFrequency == 0;
  }

  /** Adds what was seen to R [m]; false if there was nothing usable. */
  private boolean addRewards(double[] rewards, Observation seen) {
    boolean isAny = false;
    for (int i = 0; i < groups; i++) {
      if (!seen.saw(i) || !Double.isFinite(seen.meanLoss(i))) continue;
      double reward = reward(clipped(seen.meanLoss(i)), seen.q().share(i));
      if (!Double.isFinite(reward)) continue; // its q is 0 or nearly so, or exp overflowed
      rewards[i] =
          rule.variant == Variant.EXP3
              ? rewards[i] + reward
              : rule.alpha * rewards[i] + (1 - rule.alpha) * reward;
      isAny = true;
    }
    return isAny;
  }

  private double clipped(double loss) {
    return rule.lossClip == 0 ? loss : Math.clamp(loss, 0, rule.lossClip);
  }

  private double reward(double loss, double q) {
    return switch (rule.variant) {
      case PAPER -> loss / q;
      case REFERENCE -> StrictMath.exp(loss);
      case EXP3 -> loss / rule.rewardDivisor / q;
    };
  }

  private double[] shares(double[] rewards, double lastRate) {
    if (rule.isLinear) return Proportions.normalised(rewards).toArray(); // the last rate cancels
    double[] exponents = new double[groups];
    for (int i = 0; i < groups; i++) exponents[i] = lastRate * rewards[i];
    return Softmax.of(exponents);
  }

  private static boolean areZero(double[] rewards) {
    for (double r : rewards) if (r != 0) return false;
    return true;
  }

  /** Reads the parameters. */
  public static final class Factory implements MixerFactory {
    private static final double MOST_ALPHA =
        Math.nextDown(1.0); // at 1 nothing would ever be learned
    private static final long MOST_STEPS = 1L << 40;

    @Override
    public String name() {
      return "odm";
    }

    /**
     * What each says:
     *
     * <ul>
     *   <li>{@code variant}: the paper's rule as restated, the authors' code, or that code's Exp3;
     *   <li>{@code update}: {@code group} serves the shares R / sum R, {@code single} the softmax;
     *   <li>{@code alpha}: how much of R a new loss leaves;
     *   <li>{@code rewardDivisor}: divides the losses that are added to R;
     *   <li>{@code lossClip}: the greatest loss that counts, in nats a token; 0 for no limit;
     *   <li>{@code warmupSteps}: steps at the start whose losses are not used;
     *   <li>{@code updateFrequency}: steps from update to update.
     * </ul>
     */
    @Override
    public List<String> parameters() {
      return List.of(
          "variant",
          "update",
          "alpha",
          "rewardDivisor",
          "lossClip",
          "warmupSteps",
          "updateFrequency");
    }

    @Override
    public Mixer create(Parameters given, MixerContext context) {
      String name = given.choice("variant", "paper", List.of("paper", "reference", "exp3"));
      Variant variant = Variant.valueOf(name.toUpperCase(Locale.ROOT));
      if (variant != Variant.REFERENCE)
        given.refuseIfGiven("update", "only the variant `reference` has two forms of update");
      if (variant != Variant.EXP3)
        given.refuseIfGiven("rewardDivisor", "only the variant `exp3` divides its rewards");
      if (variant == Variant.EXP3)
        given.refuseIfGiven("alpha", "the variant `exp3` sums its rewards and smooths nothing");
      boolean isGroup = given.choice("update", "group", List.of("group", "single")).equals("group");
      var rule =
          new Rule(
              variant,
              variant == Variant.REFERENCE && isGroup,
              given.number("alpha", variant == Variant.PAPER ? 0.9 : 0.5, 0, MOST_ALPHA),
              given.number("rewardDivisor", 10, 1e-3, 1e6),
              given.number("lossClip", 15, 0, 700),
              given.count("warmupSteps", 0, 0, MOST_STEPS),
              given.count("updateFrequency", 1, 1, MOST_STEPS));
      return new Odm(context.size(), rule);
    }
  }
}
