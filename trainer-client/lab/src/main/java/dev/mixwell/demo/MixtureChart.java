package dev.mixwell.demo;

import dev.mixwell.api.HistoryEntry;
import dev.mixwell.chart.Chart;
import dev.mixwell.chart.Series;
import java.util.ArrayList;
import java.util.List;

/** The sampled share of every group over the steps, as a picture that any browser shows. */
final class MixtureChart {
  private final List<Series> groups = new ArrayList<>();

  /**
   * @param steps in order, at least one
   */
  MixtureChart(List<HistoryEntry> steps) {
    double[] x = new double[steps.size()];
    for (int i = 0; i < x.length; i++) x[i] = steps.get(i).step();
    for (String group : steps.getFirst().q().keySet()) {
      double[] q = new double[x.length];
      for (int i = 0; i < x.length; i++) q[i] = steps.get(i).q().getOrDefault(group, 0.0);
      groups.add(new Series(group, x, q));
    }
  }

  /**
   * @param swappedAt the step to mark
   */
  String svg(long swappedAt) {
    return Chart.lines("share of each group in the rows sampled, by step", groups, 0)
        .mark(swappedAt, "swap at step " + swappedAt)
        .svg();
  }
}
