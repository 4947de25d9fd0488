package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Alignment;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.RecordedFeedback;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Posts as a mixer sees them: one observation, by group index. Immutable. */
final class Observed {
  /**
   * Where posts belong.
   *
   * @param t as {@link Observation#t}
   * @param rows [m]
   */
  record Place(long t, Proportions q, long[] rows) {}

  private final int groups;
  private final Planner planner;

  Observed(int groups, Planner planner) {
    this.groups = groups;
    this.planner = planner;
  }

  Observation step(Place at, Collection<Event.FeedbackPosted> posts, LossHistory history) {
    double[] lossSum = new double[groups];
    long[] tokens = new long[groups];
    add(posts, lossSum, tokens);
    return new Observation(at.t, at.q, lossSum, tokens, at.rows, alignment(posts), history);
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

  /** Of the one post of that kind; null if there is none. */
  private @Nullable Alignment alignment(Collection<Event.FeedbackPosted> posts) {
    for (Event.FeedbackPosted post : posts) {
      Double learningRate = post.learningRate();
      if (post.kind() != FeedbackKind.ALIGNMENT || learningRate == null) continue;
      var seen =
          new Alignment(
              learningRate,
              new double[groups],
              new double[groups],
              new double[groups],
              new boolean[groups]);
      post.groups()
          .forEach(
              (name, value) -> {
                if (value.alignment() != null)
                  add(name, planner.index(name), value.alignment(), seen);
              });
      return seen;
    }
    return null;
  }

  /** Targets in the order of their names; a group whose sum is not finite counts as not seen. */
  private static void add(
      String name, int group, RecordedFeedback.Alignment value, Alignment seen) {
    double sum = value.score() == null ? 0 : value.score();
    double own = 0;
    if (value.gram() != null) {
      for (double product : value.gram().values()) sum += product;
      own = value.gram().getOrDefault(name, 0.0);
    }
    if (!Double.isFinite(sum)) return;
    seen.sums()[group] = sum;
    seen.own()[group] = own;
    seen.norms()[group] = value.norm();
    seen.seen()[group] = true;
  }

  static long[] difference(long[] after, long[] before) {
    for (int i = 0; i < after.length; i++) after[i] -= before[i];
    return after;
  }
}
