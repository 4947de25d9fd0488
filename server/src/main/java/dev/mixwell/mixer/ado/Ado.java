package dev.mixwell.mixer.ado;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code ado}: Adaptive Data Optimization (arXiv 2410.11820). Each group's training loss is
 * extrapolated by a power law in the rows seen, and groups are preferred whose loss falls fastest:
 *
 * <pre>
 * h     = decay h + (1 - decay) rows / sum rows           credit: what was sampled lately
 * rho_k ~ mu_k h_k^s max(alpha_k, floor) (L_k(n_k) - eps_k) / n_k      at least minShare each
 * p     = blend pAvg + (1 - blend) rho
 * pAvg  = (1 - 1/t) pAvg + rho / t
 * </pre>
 *
 * with the prior mu and t counted from 1. This is the authors' code; the paper clips p, not rho,
 * and takes h from p. Until the first laws, fitted at a multiple of updateInterval from startStep
 * on, p is mu.
 *
 * <p>The laws are fitted to the history of losses ({@link HistoryRefit}); the state has only what
 * the rule needs from step to step.
 *
 * <p>Departures: the default minShare is min(0.01, 0.5/m), as 0.01 cannot be had by more than 100
 * groups. A group without a law (not seen often enough by then) has its share mu_k in rho: nothing
 * is known against it; the code would fit a law to losses of other groups and let it sink to
 * minShare. A mean loss that is not positive and finite counts as not seen. A step at which nothing
 * was seen changes nothing and does not count in n; a fit due there waits for the next multiple.
 */
public final class Ado implements Mixer {
  private static final int VERSION = 1;

  /**
   * The configuration of the rule.
   *
   * @param prior mu
   * @param startStep no law before this many steps
   * @param updateInterval steps from fit to fit
   * @param sameStepSize whether each group's n grows by the rows of the whole batch, else by its
   *     own
   * @param historyDecay of h
   * @param historyExponent s
   * @param blend how much of p is the average of rho
   * @param minShare of each group in rho, before it is divided by its sum; at most 1/m
   * @param exponentFloor least alpha in the slope
   */
  public record Rule(
      Proportions prior,
      long startStep,
      long updateInterval,
      boolean sameStepSize,
      double historyDecay,
      double historyExponent,
      double blend,
      double minShare,
      double exponentFloor) {
    /** The authors' values, but for the least share where there are more than 50 groups. */
    public static Rule usual(
        Proportions prior, long startStep, long updateInterval, boolean sameStepSize) {
      double minShare = Math.min(0.01, 0.5 / prior.size());
      return new Rule(
          prior, startStep, updateInterval, sameStepSize, 0.9, 0.5, 0.9, minShare, 0.05);
    }
  }

  private final int groups;
  private final Rule rule;
  private final Refit refit;

  public Ado(Rule rule, Refit refit) {
    this.groups = rule.prior.size();
    this.rule = rule;
    this.refit = refit;
  }

  @Override
  public String name() {
    return "ado";
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public FeedbackKind awaits() {
    return FeedbackKind.TRAIN;
  }

  /**
   * State: mu, h, pAvg and p, the proportions decided last (all [m]); n, rows counted ([1] if it is
   * the same for all groups, else [m]); loss, those of the last step, imputed ([m], none before the
   * first); and of the laws a, e, alpha and fitted, 1 where a group has one ([m], none before the
   * first fit).
   */
  @Override
  public Decision start(@Nullable Proportions current) {
    Proportions prior = current == null ? rule.prior : current;
    double[] mu = prior.toArray();
    MixerState state =
        MixerState.empty()
            .with("mu", mu)
            .with("h", mu)
            .with("pAvg", mu)
            .with("n", new double[rule.sameStepSize ? 1 : groups])
            .with("loss")
            .with("a")
            .with("e")
            .with("alpha")
            .with("fitted");
    return decision(state, prior);
  }

  @Override
  public Decision fold(MixerState before, Observation seen) {
    Proportions held = Proportions.of(before.vector("p"));
    double[] losses = imputed(before.vector("loss"), seen);
    if (losses == null) return new Decision(before, held);
    MixerState after =
        before
            .with("n", counted(before.vector("n"), seen.rows()))
            .with("h", sampled(before.vector("h"), seen.rows()))
            .with("loss", losses);
    long step = seen.t() - 1;
    boolean isStarted = step >= rule.startStep;
    if (isStarted && step % rule.updateInterval == 0)
      after = withLaws(after, refit.laws(seen, counts(after)));
    if (!isStarted || after.vector("fitted").length == 0)
      return decision(after, Proportions.of(after.vector("mu")));
    double[] preferred = preferred(after);
    if (!Proportions.onSimplex(preferred)) return decision(after, held);
    return blended(after, preferred, seen.t());
  }

  private static Decision decision(MixerState state, Proportions p) {
    return new Decision(state.with("p", p.toArray()), p);
  }

  /**
   * The losses [m] of the step: what was seen; else the last value; at first, the mean over the
   * step's rows. Null if nothing was seen.
   */
  private double @Nullable [] imputed(double[] last, Observation seen) {
    double[] losses = last.length == 0 ? new double[groups] : last;
    double mean = 0, weights = 0;
    for (int i = 0; i < groups; i++) {
      if (!isSeen(seen, i)) continue;
      losses[i] = seen.meanLoss(i);
      double weight = Math.max(1, seen.rows(i));
      weights += weight;
      mean += (losses[i] - mean) * (weight / weights); // a sum might overflow
    }
    if (weights == 0) return null;
    if (last.length == 0) for (int i = 0; i < groups; i++) if (!isSeen(seen, i)) losses[i] = mean;
    return losses;
  }

  private static boolean isSeen(Observation seen, int group) {
    return seen.saw(group) && LossCurves.isUsable(seen.meanLoss(group));
  }

  private static double[] counted(double[] n, long[] rows) {
    for (int i = 0; i < rows.length; i++) n[n.length == 1 ? 0 : i] += rows[i];
    return n;
  }

  private double[] sampled(double[] h, long[] rows) {
    double total = 0;
    for (long r : rows) total += r;
    if (total > 0)
      for (int i = 0; i < groups; i++)
        h[i] = rule.historyDecay * h[i] + (1 - rule.historyDecay) * (rows[i] / total);
    return h;
  }

  /** n [m]. */
  private double[] counts(MixerState state) {
    double[] n = state.vector("n");
    if (n.length == groups) return n;
    double[] all = new double[groups];
    Arrays.fill(all, n[0]);
    return all;
  }

  private MixerState withLaws(MixerState state, SortedMap<Integer, ScalingLaw> laws) {
    for (ScalingLaw law : laws.values()) if (!law.isFinite()) return state;
    if (laws.isEmpty()) return state;
    double[] a = vector(state, "a");
    double[] e = vector(state, "e");
    double[] alpha = vector(state, "alpha");
    double[] fitted = vector(state, "fitted");
    laws.forEach(
        (group, law) -> {
          a[group] = law.a();
          e[group] = law.e();
          alpha[group] = law.alpha();
          fitted[group] = 1;
        });
    return state.with("a", a).with("e", e).with("alpha", alpha).with("fitted", fitted);
  }

  private double[] vector(MixerState state, String name) {
    double[] vector = state.vector(name);
    return vector.length == 0 ? new double[groups] : vector;
  }

  /** rho [m]; not on the simplex if a slope is beyond what a double can hold. */
  private double[] preferred(MixerState state) {
    double[] mu = state.vector("mu"), h = state.vector("h"), n = counts(state);
    double[] a = state.vector("a"), e = state.vector("e"), alpha = state.vector("alpha");
    double[] fitted = state.vector("fitted");
    double[] weights = new double[groups];
    double total = 0, free = 1;
    for (int i = 0; i < groups; i++) {
      boolean hasLaw = fitted[i] == 1 && n[i] > 0;
      weights[i] = -1;
      if (!hasLaw) {
        free -= mu[i]; // what is left to the groups that have one
        continue;
      }
      double slope = new ScalingLaw(a[i], e[i], alpha[i]).slope(n[i], rule.exponentFloor);
      weights[i] = mu[i] * StrictMath.pow(h[i], rule.historyExponent) * slope;
      total += weights[i];
    }
    if (total == 0) return raised(mu);
    for (int i = 0; i < groups; i++)
      weights[i] = weights[i] < 0 ? mu[i] : Math.max(0, free) * (weights[i] / total);
    return raised(weights);
  }

  /** No share below minShare, then divided by their sum. */
  private double[] raised(double[] shares) {
    double sum = 0;
    for (int i = 0; i < groups; i++) sum += shares[i] = Math.max(shares[i], rule.minShare);
    for (int i = 0; i < groups; i++) shares[i] /= sum;
    return shares;
  }

  private Decision blended(MixerState state, double[] rho, long t) {
    double[] average = state.vector("pAvg");
    double[] p = new double[groups];
    for (int i = 0; i < groups; i++) {
      p[i] = rule.blend * average[i] + (1 - rule.blend) * rho[i];
      average[i] = (1 - 1.0 / t) * average[i] + rho[i] / t;
    }
    return decision(state.with("pAvg", average), Proportions.normalised(p));
  }
}
