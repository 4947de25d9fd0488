package dev.mixwell.experiment.record;

import dev.mixwell.trainer.TrainReport.Evaluation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Held-out losses over the steps of one run.
 *
 * @param points by ascending step
 */
public record Curve(List<Evaluation> points) {
  public Curve {
    points = List.copyOf(points);
  }

  /** The points that every run has: those of the interval, and both ends. */
  static Curve of(List<Evaluation> evaluations, long every) {
    var kept = new ArrayList<Evaluation>();
    long first = evaluations.getFirst().step();
    long last = evaluations.getLast().step();
    for (Evaluation e : evaluations) {
      boolean end = e.step() == first || e.step() == last;
      boolean again = !kept.isEmpty() && kept.getLast().step() == e.step();
      if (!again && (end || e.step() % every == 0)) kept.add(e);
    }
    return new Curve(kept);
  }

  /** Mean over groups, nats a token. */
  static double averageLoss(Map<String, Double> losses) {
    return mean(losses.values());
  }

  /** Mean over groups of each group's perplexity. */
  public static double averagePerplexity(Map<String, Double> losses) {
    return mean(losses.values().stream().map(Math::exp).toList());
  }

  /** Average loss by step. */
  public SortedMap<Long, Double> averages() {
    var averages = new TreeMap<Long, Double>();
    for (Evaluation point : points) averages.put(point.step(), averageLoss(point.losses()));
    return averages;
  }

  public Evaluation last() {
    return points.getLast();
  }

  /**
   * The first step at which the average perplexity is down to {@code target}, along straight lines
   * between the points; null if it never is.
   */
  public @Nullable Double stepsTo(double target) {
    for (int i = 0; i < points.size(); i++) {
      double here = averagePerplexity(points.get(i).losses());
      if (here > target) continue;
      if (i == 0) return (double) points.getFirst().step();
      double before = averagePerplexity(points.get(i - 1).losses());
      long from = points.get(i - 1).step();
      return from + (points.get(i).step() - from) * (before - target) / (before - here);
    }
    return null;
  }

  private static double mean(Collection<Double> values) {
    double sum = 0;
    for (double value : values) sum += value;
    return sum / values.size();
  }
}
