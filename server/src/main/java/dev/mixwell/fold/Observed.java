package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Alignment;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.RecordedFeedback;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Posts as a mixer sees them: one observation, by group index. Owned by the run's writer, as the
 * planner is.
 */
final class Observed {
  private final int groups;
  private final Planner planner;

  Observed(int groups, Planner planner) {
    this.groups = groups;
    this.planner = planner;
  }

  /**
   * What was posted for a step or boundary.
   *
   * @param t as {@link Observation#t}
   * @param rows [m]
   */
  Observation step(
      long t,
      Proportions q,
      long[] rows,
      Collection<Event.FeedbackPosted> posts,
      LossHistory history) {
    double[] lossSum = new double[groups];
    long[] tokens = new long[groups];
    add(posts, lossSum, tokens);
    return new Observation(t, q, lossSum, tokens, rows, alignment(posts), history);
  }

  /** [m] nats per token; NaN where nothing was seen. */
  double[] meanLosses(Collection<Event.FeedbackPosted> posts) {
    double[] lossSum = new double[groups];
    long[] tokens = new long[groups];
    add(posts, lossSum, tokens);
    for (int i = 0; i < groups; i++)
      lossSum[i] = tokens[i] > 0 ? lossSum[i] / tokens[i] : Double.NaN;
    return lossSum;
  }

  /**
   * Sums over reporters, in rank order. A group whose sum leaves the range of a double counts as
   * not seen.
   */
  private void add(Collection<Event.FeedbackPosted> posts, double[] lossSum, long[] tokens) {
    for (Event.FeedbackPosted post : posts)
      post.groups()
          .forEach(
              (name, seen) -> {
                int i = planner.index(name);
                lossSum[i] += seen.lossSum();
                tokens[i] += seen.tokens();
              });
    for (int i = 0; i < groups; i++) if (!Double.isFinite(lossSum[i])) lossSum[i] = tokens[i] = 0;
  }

  /** What the one post of that kind says; null if there is none. */
  private @Nullable Alignment alignment(Collection<Event.FeedbackPosted> posts) {
    for (Event.FeedbackPosted post : posts) {
      Double learningRate = post.learningRate();
      if (post.kind() == FeedbackKind.ALIGNMENT && learningRate != null)
        return alignment(learningRate, post.groups());
    }
    return null;
  }

  /** A group whose sum is not finite counts as not seen. */
  private Alignment alignment(double learningRate, Map<String, RecordedFeedback> values) {
    double[] sums = new double[groups];
    double[] own = new double[groups];
    double[] norms = new double[groups];
    boolean[] seen = new boolean[groups];
    values.forEach(
        (name, feedback) -> {
          RecordedFeedback.Alignment value = feedback.alignment();
          if (value == null) return;
          double sum = sum(value);
          if (!Double.isFinite(sum)) return;
          int group = planner.index(name);
          sums[group] = sum;
          own[group] = value.gram() == null ? 0 : value.gram().getOrDefault(name, 0.0);
          norms[group] = value.norm();
          seen[group] = true;
        });
    return new Alignment(learningRate, sums, own, norms, seen);
  }

  /** The sum over the targets, in the order of their names. */
  private static double sum(RecordedFeedback.Alignment value) {
    double sum = value.score() == null ? 0 : value.score();
    if (value.gram() != null) for (double product : value.gram().values()) sum += product;
    return sum;
  }
}
