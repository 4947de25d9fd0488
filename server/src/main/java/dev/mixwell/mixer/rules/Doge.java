package dev.mixwell.mixer.rules;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Alignment;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Proportions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code doge}: DoGE (arXiv 2310.15393, algorithm 1). A group gains weight as its training gradient
 * points where the targets' gradients point. Awaits {@code alignment}: for each group j seen, W_j =
 * sum over the targets i of &lt;g_j, g_i&gt; and the length n_j of g_j, all gradients clipped
 * before. Then
 *
 * <pre>{@code
 * score_j = clip(lr W_j / (mean n + 1e-6), lr dwMin, lr dwMax)
 * p = (1 - c) softmax(ln p + score / mu) + c / m
 * }</pre>
 *
 * from p^0 = uniform, or the current proportions; c is {@code smoothing}. What it is run for is
 * {@code average}, the mean of p over the steps without p^0. Targets may be other groups than the
 * run's. With {@code leaveOneOut}, W_j is without the group's own target, if it is one.
 *
 * <p>Departures: dividing by the mean length and clipping are the authors' code's, not the paper's.
 * A group that was not seen scores 0 and its length is not in the mean. c is 1e-6, so that no group
 * is lost for ever by underflow. {@code variant: reference} does as the code: a group that was not
 * seen keeps its last W and n, at first 0, and c is 0. (The code keeps the last gradient, whose
 * products with new targets a trainer may post for it.) A value that is not finite counts as not
 * seen. A step with nothing seen, or one whose scores or p would not be finite, changes nothing.
 */
public final class Doge implements Mixer {
  private static final int VERSION = 1;
  private static final int MOST_GROUPS = 64;
  private static final double LEAST_NORM = 1e-6;

  /**
   * The configuration.
   *
   * @param keepsUnseen groups that were not seen keep their last W and n
   */
  private record Rule(
      boolean keepsUnseen,
      boolean leaveOneOut,
      double mu,
      double dwMin,
      double dwMax,
      double smoothing) {}

  /** W and n [m], and which groups they are known of. */
  @SuppressWarnings("ArrayRecordComponent") // filled in and read by one fold
  private record Pulls(double[] sums, double[] norms, boolean[] known) {}

  private final int groups;
  private final Rule rule;

  private Doge(int groups, Rule rule) {
    this.groups = groups;
    this.rule = rule;
  }

  @Override
  public String name() {
    return "doge";
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public FeedbackKind awaits() {
    return FeedbackKind.ALIGNMENT;
  }

  /**
   * State: p [m], average [m], count and score [m] of the last update; W and n [m] where they are
   * kept.
   */
  @Override
  public Decision start(@Nullable Proportions current) {
    Proportions p = current == null ? Proportions.uniform(groups) : current;
    MixerState state = MixerState.empty().with("p", p.toArray()).with("score", new double[groups]);
    if (rule.keepsUnseen) state = state.with("W", new double[groups]).with("n", new double[groups]);
    return decision(RunningMean.start(state, p.toArray(), 0));
  }

  @Override
  public Decision fold(MixerState before, Observation seen) {
    Alignment alignment = seen.alignment();
    Pulls pulls = alignment == null ? null : read(before, alignment);
    if (alignment == null || pulls == null) return decision(before);
    double[] scores = scores(pulls, alignment.learningRate());
    double[] gains = new double[groups];
    for (int i = 0; i < groups; i++) {
      if (!Double.isFinite(scores[i])) return decision(before);
      gains[i] = scores[i] / rule.mu;
    }
    double[] p = Egd.step(before.vector("p"), gains, 1, rule.smoothing);
    if (!Proportions.onSimplex(p)) return decision(before);
    MixerState after = RunningMean.add(before.with("p", p).with("score", scores), p);
    if (rule.keepsUnseen) after = after.with("W", pulls.sums).with("n", pulls.norms);
    return decision(after);
  }

  /** What was seen, over what is kept; null if there was nothing usable. */
  private @Nullable Pulls read(MixerState before, Alignment seen) {
    var pulls =
        rule.keepsUnseen
            ? new Pulls(before.vector("W"), before.vector("n"), new boolean[groups])
            : new Pulls(new double[groups], new double[groups], new boolean[groups]);
    boolean isAny = false;
    for (int i = 0; i < groups; i++) {
      double sum = rule.leaveOneOut ? seen.sum(i) - seen.own(i) : seen.sum(i);
      double norm = seen.norm(i);
      boolean isUsable =
          seen.saw(i) && Double.isFinite(sum) && norm >= 0 && norm <= Double.MAX_VALUE;
      pulls.known[i] = isUsable || rule.keepsUnseen;
      if (!isUsable) continue;
      pulls.sums[i] = sum;
      pulls.norms[i] = norm;
      isAny = true;
    }
    return isAny ? pulls : null;
  }

  private double[] scores(Pulls pulls, double learningRate) {
    double length = 0;
    int known = 0;
    for (int i = 0; i < groups; i++) {
      if (!pulls.known[i]) continue;
      length += pulls.norms[i];
      known++;
    }
    double unit = length / known + LEAST_NORM;
    double[] scores = new double[groups];
    for (int i = 0; i < groups; i++) {
      if (!pulls.known[i]) continue;
      double score = learningRate * pulls.sums[i] / unit;
      scores[i] = Math.min(Math.max(score, learningRate * rule.dwMin), learningRate * rule.dwMax);
    }
    return scores;
  }

  private static Decision decision(MixerState state) {
    return new Decision(state, Proportions.of(state.vector("p")));
  }

  /** Reads the parameters. */
  public static final class Factory implements MixerFactory {
    private static final double MOST_SCORE = 1e6;

    @Override
    public String name() {
      return "doge";
    }

    /**
     * What each says:
     *
     * <ul>
     *   <li>{@code variant}: {@code reference} keeps the last W and n of a group that was not seen;
     *   <li>{@code mu}: divides the scores; a smaller one moves the proportions faster;
     *   <li>{@code dwMin}: the least score of a step, in units of the learning rate; at most {@code
     *       dwMax};
     *   <li>{@code dwMax}: the greatest score of a step, in units of the learning rate;
     *   <li>{@code smoothing}: how much of the proportions is uniform (c);
     *   <li>{@code leaveOneOut}: whether a group's score leaves out the group as its own target.
     * </ul>
     */
    @Override
    public List<String> parameters() {
      return List.of("variant", "mu", "dwMin", "dwMax", "smoothing", "leaveOneOut");
    }

    @Override
    public Mixer create(Parameters given, MixerContext context) {
      given.checkGroups(
          context.size(), MOST_GROUPS, "its trainer computes inner products of all their pairs");
      boolean isReference =
          given.choice("variant", "paper", List.of("paper", "reference")).equals("reference");
      double dwMin = given.number("dwMin", 0, -MOST_SCORE, MOST_SCORE);
      double dwMax = given.number("dwMax", 5, -MOST_SCORE, MOST_SCORE);
      if (dwMin > dwMax)
        throw given.refusal(
            given.has("dwMin") ? "dwMin" : "dwMax",
            "`dwMin` is at most `dwMax`; they are " + dwMin + " and " + dwMax);
      var rule =
          new Rule(
              isReference,
              given.flag("leaveOneOut", false),
              given.number("mu", 0.01, 1e-9, 1e9),
              dwMin,
              dwMax,
              given.number("smoothing", isReference ? 0 : 1e-6, 0, 1));
      return new Doge(context.size(), rule);
    }
  }
}
