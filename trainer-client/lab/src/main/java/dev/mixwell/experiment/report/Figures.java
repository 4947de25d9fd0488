package dev.mixwell.experiment.report;

import dev.mixwell.chart.Chart;
import dev.mixwell.chart.Series;
import dev.mixwell.experiment.record.ArmResult;
import dev.mixwell.experiment.record.Stage;
import dev.mixwell.experiment.record.StageResult;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The pictures of a comparison. */
final class Figures {
  /** Share of the steps left out: the first losses are so high that the rest would look flat. */
  private static final double SKIPPED = 0.1;

  private final ArmComparison comparison;
  private final long from;

  Figures(ArmComparison comparison) {
    this.comparison = comparison;
    this.from = (long) (SKIPPED * comparison.spec().steps());
  }

  /** Losses, and what they differ by from the baseline's. */
  List<Block.Figure> curves() {
    var curves = new ArrayList<Block.Figure>();
    curves.add(losses());
    if (comparison.baseline() != null) curves.add(differences(comparison.baseline().bySeed()));
    return curves;
  }

  /** A picture an arm. */
  List<Block.Figure> proportions() {
    return comparison.rows().stream().map(this::proportions).toList();
  }

  private Block.Figure losses() {
    var lines = new ArrayList<Series>();
    for (ArmComparison.Row row : comparison.rows()) {
      var bySeed = row.bySeed().values().stream().map(r -> r.curve().averages()).toList();
      lines.add(line(row, bySeed));
    }
    String title =
        "validation loss from step %,d on, nats a token: mean over groups and seeds"
            .formatted(from);
    return new Block.Figure("loss.svg", title, Chart.lines(title, lines).svg());
  }

  private Block.Figure differences(SortedMap<Long, ArmResult> baseline) {
    var lines = new ArrayList<Series>();
    for (ArmComparison.Row row : comparison.rows()) {
      var bySeed = new ArrayList<SortedMap<Long, Double>>();
      row.bySeed()
          .forEach(
              (seed, result) -> {
                ArmResult base = baseline.get(seed);
                if (base != null) bySeed.add(less(result, base));
              });
      if (!bySeed.isEmpty()) lines.add(line(row, bySeed));
    }
    String title =
        "validation loss less that of %s, same seed: mean over seeds; below 0 is better"
            .formatted(comparison.spec().baseline());
    return new Block.Figure("difference.svg", title, Chart.lines(title, lines, 0).svg());
  }

  /** What the mixer said, in the first seed that is there. */
  private Block.Figure proportions(ArmComparison.Row row) {
    ArmResult result = row.first();
    List<StageResult.Shares> history = result.adapted().history();
    double[] steps = history.stream().mapToDouble(StageResult.Shares::step).toArray();
    var lines = new ArrayList<Series>();
    for (String name : comparison.spec().groupNames()) {
      int group = lines.size();
      double[] p = history.stream().mapToDouble(step -> step.p().get(group)).toArray();
      lines.add(new Series(name, steps, p));
    }
    boolean proxy = result.adapted().role() == Stage.Role.PROXY;
    String title =
        "%s: proportions by step, seed %d%s"
            .formatted(row.arm().name(), result.seed(), proxy ? ", first of two runs" : "");
    String file = "proportions-" + row.arm().name() + ".svg";
    return new Block.Figure(file, title, Chart.lines(title, lines, 0).svg());
  }

  private static SortedMap<Long, Double> less(ArmResult result, ArmResult base) {
    SortedMap<Long, Double> mine = result.curve().averages();
    SortedMap<Long, Double> other = base.curve().averages();
    var difference = new TreeMap<Long, Double>();
    mine.forEach(
        (step, loss) -> {
          Double there = other.get(step);
          if (there != null) difference.put(step, loss - there);
        });
    return difference;
  }

  /** The mean over seeds at the steps that all of them have. */
  private Series line(ArmComparison.Row row, List<SortedMap<Long, Double>> bySeed) {
    var steps = new ArrayList<Long>();
    for (long step : bySeed.getFirst().keySet())
      if (step >= from && bySeed.stream().allMatch(seed -> seed.containsKey(step))) steps.add(step);
    double[] x = new double[steps.size()];
    double[] y = new double[steps.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = steps.get(i);
      for (SortedMap<Long, Double> seed : bySeed)
        y[i] += seed.getOrDefault(steps.get(i), Double.NaN) / bySeed.size();
    }
    return new Series(row.arm().name(), x, y);
  }
}
