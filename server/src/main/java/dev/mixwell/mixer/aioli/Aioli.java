package dev.mixwell.mixer.aioli;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.mixer.rules.Egd;
import dev.mixwell.mixer.rules.LinearSystem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code aioli}: Aioli (arXiv 2411.05735, algorithms 1 and 2). It assumes that the groups' losses
 * fall linearly with the proportions, L_i(next) = L_i - sum_j A_ij p_j, and fits A by experiment. A
 * round begins with K = k m segments of q steps; the segment of group j serves row j of P: o = 1 -
 * eps + eps/m for j, (1 - o)/(m - 1) for the others. With beta_ij the mean drop of group i's
 * validation loss over the segments of j, A = beta P^-1. Then, with A-bar = A / sum A and g_j =
 * sum_i A-bar_ij:
 *
 * <ul>
 *   <li>without {@code gamma}: p = p_before exp(eta g), normalised;
 *   <li>with it: E = (1 - gamma) A-bar + gamma E, and p = p_0 exp(eta colsum E), normalised. This
 *       does not add up over rounds (appendix D).
 * </ul>
 *
 * p serves the rest of the round. p_0 is uniform, also after {@code initialSteps} on {@code
 * initialWeights}; a mixer that takes over from current proportions begins with those.
 *
 * <p>Variants: {@code paper}; {@code static}, one round whose p is held; {@code diagonal}, A_ii =
 * beta_ii / P_ii and 0 elsewhere; {@code reference}, the authors' code: probes are cut to whole
 * rows of a batch the way it does, and solved as if they were exact.
 *
 * <p>Departures, after the code where the paper is silent: the order is k shuffles of all groups;
 * if an entry of A is negative, the smallest is subtracted from all before the division. Ours:
 * where the rows really served are off P by more than 1e-3, A is solved with those. A segment
 * without losses at both its ends is left out; a round in which a group has no segment left, or
 * whose A cannot be normalised, leaves p as it is.
 */
public final class Aioli implements Mixer {
  static final int MAX_GROUPS = 64;
  private static final int VERSION = 1;

  /** Realised probes that are off by more are solved for what they were. */
  private static final double NOMINAL_WITHIN = 1e-3;

  /** A matrix with a smaller sum has no direction. */
  private static final double LEAST_SUM = 1e-300;

  enum Variant {
    PAPER,
    STATIC,
    DIAGONAL,
    REFERENCE
  }

  /**
   * The configuration.
   *
   * @param epsilon eps, from 0 (a probe serves its group alone) to below 1
   * @param gamma of the moving average; null for none
   * @param normalizes whether A is shifted and divided by its sum
   * @param initial served before the first round; null if there is no such part
   */
  record Rule(
      Variant variant,
      double epsilon,
      double eta,
      @Nullable Double gamma,
      boolean normalizes,
      @Nullable Proportions initial) {}

  private final int groups;
  private final Rule rule;
  private final ProbeSchedule schedule;
  private final ProbeOrder order;
  private final double[][] probes;

  /**
   * @param probes [m][m] row j is served in the segments of group j
   */
  Aioli(Rule rule, ProbeSchedule schedule, ProbeOrder order, double[][] probes) {
    this.groups = schedule.groups();
    this.rule = rule;
    this.schedule = schedule;
    this.order = order;
    this.probes = probes;
  }

  /** The same with its probes in another order. */
  public Aioli inOrder(ProbeOrder other) {
    return new Aioli(rule, schedule, other, probes);
  }

  @Override
  public String name() {
    return "aioli";
  }

  @Override
  public int version() {
    return VERSION;
  }

  /** One group needs no probes. */
  @Override
  public @Nullable FeedbackKind awaits() {
    return groups == 1 ? null : FeedbackKind.VALIDATION;
  }

  @Override
  public Phase phase(long offset) {
    if (groups == 1 || offset < schedule.initialSteps()) return new Phase.Constant();
    long round = schedule.round(offset);
    if (!schedule.isProbe(offset)) return new Phase.AfterBoundary(schedule.decisive(round));
    int group = order.group(round, (int) schedule.segment(offset));
    return new Phase.Probe(
        Proportions.of(probes[group]), schedule.isSegmentStart(offset), schedule.start(round));
  }

  @Override
  public boolean isBoundary(long offset) {
    return groups > 1 && schedule.isBoundary(offset);
  }

  /**
   * State: p0 and p [m]; last [m], the losses at the boundary before, and hasLast; drops [m][m],
   * realised [m][m] and segments [m], sums over the segments of a group in this round; beta, A,
   * ABar, E [m][m] of the last round that decided, and decided, their number.
   */
  @Override
  public Decision start(@Nullable Proportions current) {
    Proportions p = current == null ? Proportions.uniform(groups) : current;
    MixerState state =
        newRound(MixerState.empty())
            .with("p0", p.toArray())
            .with("p", p.toArray())
            .with("decided", 0);
    return new Decision(state, rule.initial == null ? p : rule.initial);
  }

  @Override
  public Decision fold(MixerState before, Observation seen) {
    long offset = seen.t() - 1;
    int ended = (int) schedule.segment(offset) - 1;
    MixerState state = ended < 0 ? newRound(before) : before;
    double[] losses = losses(seen);
    if (ended >= 0 && losses != null && state.scalar("hasLast") == 1)
      state = withSegment(state, order.group(schedule.round(offset), ended), losses, seen.rows());
    state =
        losses == null
            ? state.with("last", new double[groups]).with("hasLast", 0)
            : state.with("last", losses).with("hasLast", 1);
    if (ended == schedule.segments() - 1) state = decided(state);
    return new Decision(state, Proportions.of(state.vector("p")));
  }

  private MixerState newRound(MixerState state) {
    return state
        .with("drops", new double[groups * groups])
        .with("realised", new double[groups * groups])
        .with("segments", new double[groups])
        .with("last", new double[groups])
        .with("hasLast", 0);
  }

  /** [m] mean losses; null if one is missing or not finite. */
  private double @Nullable [] losses(Observation seen) {
    double[] losses = new double[groups];
    for (int i = 0; i < groups; i++) {
      if (!seen.saw(i) || !Double.isFinite(seen.meanLoss(i))) return null;
      losses[i] = seen.meanLoss(i);
    }
    return losses;
  }

  private MixerState withSegment(MixerState state, int probed, double[] losses, long[] rows) {
    double[] last = state.vector("last");
    double[] drops = state.vector("drops");
    double[] realised = state.vector("realised");
    double[] segments = state.vector("segments");
    long total = 0;
    for (long r : rows) total += r;
    for (int i = 0; i < groups; i++) {
      drops[i * groups + probed] += last[i] - losses[i];
      if (!Double.isFinite(drops[i * groups + probed])) return state; // beyond all losses
      realised[probed * groups + i] += total == 0 ? probes[probed][i] : (double) rows[i] / total;
    }
    segments[probed]++;
    return state.with("drops", drops).with("realised", realised).with("segments", segments);
  }

  /** The end of the probes: what the round's main part serves. */
  private MixerState decided(MixerState state) {
    double[][] beta = means(state, "drops", true);
    double[][] law = beta == null ? null : law(beta, state);
    double[][] share = law == null ? null : normalized(law);
    if (beta == null || law == null || share == null) return state;
    double[][] kept = rule.gamma == null ? share : averaged(share, state, rule.gamma);
    double[] from = state.vector(rule.gamma == null ? "p" : "p0");
    double[] p = Egd.step(from, columnSums(kept), rule.eta, 0);
    if (!Proportions.onSimplex(p)) return state;
    MixerState after =
        state
            .with("p", p)
            .with("decided", state.scalar("decided") + 1)
            .with("beta", flat(beta))
            .with("A", flat(law))
            .with("ABar", flat(share));
    return rule.gamma == null ? after : after.with("E", flat(kept));
  }

  /**
   * A sum over segments divided by the segments of each group; null if one has none.
   *
   * @param byColumn whether the probed group is the column
   */
  private double @Nullable [][] means(MixerState state, String sum, boolean byColumn) {
    double[][] means = square(state.vector(sum));
    double[] segments = state.vector("segments");
    for (int i = 0; i < groups; i++)
      for (int j = 0; j < groups; j++) {
        double count = segments[byColumn ? j : i];
        if (count == 0) return null;
        means[i][j] /= count;
      }
    return means;
  }

  /** A [m][m] of beta; null if the probes that were served do not determine it. */
  private double @Nullable [][] law(double[][] beta, MixerState state) {
    double[][] strayed = strayed(state);
    if (rule.variant == Variant.DIAGONAL) return diagonal(beta, strayed == null ? probes : strayed);
    return strayed == null ? nominal(beta) : LinearSystem.solve(strayed, beta);
  }

  /** The probes as they were realised; null if they count as {@link #probes}. */
  private double @Nullable [][] strayed(MixerState state) {
    double[][] realised = means(state, "realised", false);
    if (realised == null || rule.variant == Variant.REFERENCE) return null;
    for (int i = 0; i < groups; i++)
      for (int j = 0; j < groups; j++)
        if (Math.abs(realised[i][j] - probes[i][j]) > NOMINAL_WITHIN) return realised;
    return null;
  }

  private double @Nullable [][] diagonal(double[][] beta, double[][] served) {
    double[][] law = new double[groups][groups];
    for (int i = 0; i < groups; i++) {
      if (!(served[i][i] > 0)) return null;
      law[i][i] = beta[i][i] / served[i][i];
    }
    return law;
  }

  /** P^-1 in closed form: A_ij = (beta_ij - eps/m sum_l beta_il) / (1 - eps). */
  private double[][] nominal(double[][] beta) {
    double[][] law = new double[groups][groups];
    for (int i = 0; i < groups; i++) {
      double sum = 0;
      for (double drop : beta[i]) sum += drop;
      for (int j = 0; j < groups; j++)
        law[i][j] = (beta[i][j] - rule.epsilon / groups * sum) / (1 - rule.epsilon);
    }
    return law;
  }

  /** A-bar: entries of 0 or more that sum to 1; null if there is no such. */
  private double @Nullable [][] normalized(double[][] law) {
    if (!rule.normalizes) return law;
    double least = 0;
    for (double[] row : law) for (double a : row) least = Math.min(least, a);
    double sum = 0;
    for (double[] row : law) for (double a : row) sum += a - least;
    if (!(sum > LEAST_SUM && sum <= Double.MAX_VALUE)) return null;
    double[][] share = new double[groups][groups];
    for (int i = 0; i < groups; i++)
      for (int j = 0; j < groups; j++) share[i][j] = (law[i][j] - least) / sum;
    return share;
  }

  private double[][] averaged(double[][] share, MixerState state, double gamma) {
    if (state.scalar("decided") == 0) return share;
    double[][] average = square(state.vector("E"));
    for (int i = 0; i < groups; i++)
      for (int j = 0; j < groups; j++)
        average[i][j] = (1 - gamma) * share[i][j] + gamma * average[i][j];
    return average;
  }

  private double[] columnSums(double[][] matrix) {
    double[] sums = new double[groups];
    for (double[] row : matrix) for (int j = 0; j < groups; j++) sums[j] += row[j];
    return sums;
  }

  private double[][] square(double[] flat) {
    double[][] rows = new double[groups][];
    for (int i = 0; i < groups; i++)
      rows[i] = Arrays.copyOfRange(flat, i * groups, (i + 1) * groups);
    return rows;
  }

  private double[] flat(double[][] rows) {
    double[] flat = new double[groups * groups];
    for (int i = 0; i < groups; i++) System.arraycopy(rows[i], 0, flat, i * groups, groups);
    return flat;
  }
}
