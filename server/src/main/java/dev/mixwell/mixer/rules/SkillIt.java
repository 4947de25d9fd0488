package dev.mixwell.mixer.rules;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code skill-it}: Skill-It (arXiv 2307.14430, algorithm 1), in rounds of {@code updateSteps}. A
 * graph, learned before, says how much training on one group helps another; groups that help where
 * losses are high gain weight. With A_ij the relative loss drop of group i by training on j, and L
 * the validation losses in nats per token,
 *
 * <pre>{@code p_j ~ exp(eta sum_i A_ij (sum of L_i over the last `window` evaluations)) }</pre>
 *
 * from uniform each time, not from the last p; before the first evaluation p_j ~ exp(eta sum_i
 * A_ij), or the current proportions, which the first update forgets. This is the shipped code,
 * whose sum is the paper's recursion cut to its last terms; {@code window: 0} sums all evaluations,
 * which is the paper's recursion from uniform.
 *
 * <p>Evaluations are due at the first step of each round after the first, which they decide, and
 * every {@code evaluateSteps} after the start (by default once a round). {@code graph} is as the
 * code writes it: rows are the trained group, columns the affected one, either lists in the order
 * of the groups or {@code {trained: {affected: number}}}. As there, 1 becomes 0.5 off the diagonal.
 *
 * <p>Departures: losses are matched to the graph by group, where the code sorts one of them by
 * name. The code evaluates first after one step, this when the first round ends. Losses that are
 * not of all groups, or not finite, or whose p would leave the simplex, change nothing.
 */
public final class SkillIt implements Mixer {
  private static final int VERSION = 1;
  private static final int MOST_GROUPS = 64;

  /**
   * The configuration.
   *
   * @param window evaluations summed; 0 for all
   */
  private record Rule(double eta, int window, long updateSteps, long evaluateSteps) {}

  private final int groups;
  private final Rule rule;
  private final double[][] effects; // A [m][m]: affected group, then trained group

  private SkillIt(int groups, Rule rule, double[][] effects) {
    this.groups = groups;
    this.rule = rule;
    this.effects = effects;
  }

  @Override
  public String name() {
    return "skill-it";
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public FeedbackKind awaits() {
    return FeedbackKind.VALIDATION;
  }

  @Override
  public Phase phase(long offset) {
    long roundStart = offset / rule.updateSteps * rule.updateSteps;
    return roundStart == 0 ? new Phase.Constant() : new Phase.AfterBoundary(roundStart);
  }

  @Override
  public boolean isBoundary(long offset) {
    return offset > 0 && (offset % rule.evaluateSteps == 0 || offset % rule.updateSteps == 0);
  }

  /**
   * State: p [m] and losses [n][m], the last n &lt;= window evaluations, oldest first; where all
   * are summed, losses [m], their sum.
   */
  @Override
  public Decision start(@Nullable Proportions current) {
    double[] ones = new double[groups];
    for (int i = 0; i < groups; i++) ones[i] = 1;
    double[] p = current == null ? shares(ones) : current.toArray();
    double[] losses = new double[rule.window == 0 ? groups : 0];
    return decision(MixerState.empty().with("losses", losses).with("p", p));
  }

  @Override
  public Decision fold(MixerState before, Observation seen) {
    for (int i = 0; i < groups; i++)
      if (!seen.saw(i) || !Double.isFinite(seen.meanLoss(i))) return decision(before);
    double[] losses = withLosses(before.vector("losses"), seen);
    double[] sums = new double[groups];
    for (int k = 0; k < losses.length; k++) sums[k % groups] += losses[k];
    double[] p = shares(sums);
    if (!areFinite(sums) || !Proportions.onSimplex(p)) return decision(before);
    return decision(before.with("losses", losses).with("p", p));
  }

  private static boolean areFinite(double[] numbers) {
    for (double x : numbers) if (!Double.isFinite(x)) return false;
    return true;
  }

  private double[] withLosses(double[] losses, Observation seen) {
    if (rule.window == 0) {
      for (int i = 0; i < groups; i++) losses[i] += seen.meanLoss(i);
      return losses;
    }
    int kept = Math.min(losses.length, (rule.window - 1) * groups);
    double[] after = new double[kept + groups];
    System.arraycopy(losses, losses.length - kept, after, 0, kept);
    for (int i = 0; i < groups; i++) after[kept + i] = seen.meanLoss(i);
    return after;
  }

  /** [m], proportional to exp(eta sum_i A_ij x_i); not on the simplex if that is not finite. */
  private double[] shares(double[] x) {
    double[] gains = new double[groups];
    for (int j = 0; j < groups; j++)
      for (int i = 0; i < groups; i++) gains[j] += effects[i][j] * x[i];
    return Egd.step(Proportions.uniform(groups).toArray(), gains, rule.eta, 0);
  }

  private static Decision decision(MixerState state) {
    return new Decision(state, Proportions.of(state.vector("p")));
  }

  /** Reads the parameters. */
  public static final class Factory implements MixerFactory {
    private static final double MOST_EFFECT = 1e3;
    private static final long MOST_STEPS = 1L << 40;
    private static final int MOST_WINDOW = 256;

    @Override
    public String name() {
      return "skill-it";
    }

    /**
     * What each says:
     *
     * <ul>
     *   <li>{@code graph}: how much training on a group (row) helps another (column);
     *   <li>{@code eta}: the step size of the update;
     *   <li>{@code window}: how many of the last evaluations are summed; 0 for all;
     *   <li>{@code updateSteps}: steps of a round, whose end moves the proportions;
     *   <li>{@code evaluateSteps}: steps from evaluation to evaluation; by default those of a
     *       round.
     * </ul>
     */
    @Override
    public List<String> parameters() {
      return List.of("graph", "eta", "window", "updateSteps", "evaluateSteps");
    }

    @Override
    public Mixer create(Parameters given, MixerContext context) {
      int groups = context.size();
      given.checkGroups(groups, MOST_GROUPS, "its graph has an entry for all their pairs");
      long updateSteps = given.count("updateSteps", 500, 1, MOST_STEPS);
      var rule =
          new Rule(
              given.number("eta", 0.2, 0, 1e3),
              (int) given.count("window", 3, 0, MOST_WINDOW),
              updateSteps,
              given.count("evaluateSteps", updateSteps, 1, MOST_STEPS));
      return new SkillIt(
          groups, rule, effects(given.matrix("graph", context.groups(), MOST_EFFECT)));
    }

    /** The transpose, with 1 off the diagonal made 0.5. */
    private static double[][] effects(double[][] graph) {
      double[][] effects = new double[graph.length][graph.length];
      for (int j = 0; j < graph.length; j++)
        for (int i = 0; i < graph.length; i++)
          effects[i][j] = i != j && graph[j][i] == 1 ? 0.5 : graph[j][i];
      return effects;
    }
  }
}
