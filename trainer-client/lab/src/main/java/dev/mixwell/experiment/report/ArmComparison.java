package dev.mixwell.experiment.report;

import dev.mixwell.experiment.record.Arm;
import dev.mixwell.experiment.record.ArmResult;
import dev.mixwell.experiment.record.Curve;
import dev.mixwell.experiment.record.ExperimentSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Arms beside each other and beside the baseline, seed by seed. Perplexities are means over groups
 * of each group's own, on rows that no mixer hears of; lower is better.
 *
 * @param rows of the arms with results, in the order of the file
 */
public record ArmComparison(ExperimentSpec spec, List<Row> rows) {

  /**
   * One arm.
   *
   * @param bySeed its results
   * @param differences to the baseline's perplexity, for the seeds that both have; empty for the
   *     baseline itself
   * @param stepsToBaseline until the validation perplexity is that of the finished baseline, for
   *     the seeds that get there
   */
  record Row(
      Arm arm,
      SortedMap<Long, ArmResult> bySeed,
      SortedMap<Long, Double> differences,
      SortedMap<Long, Double> stepsToBaseline) {

    /** The result of the first seed that is there. */
    ArmResult first() {
      return bySeed.values().iterator().next();
    }

    double perplexity() {
      return mean(bySeed.values().stream().map(ArmResult::testPerplexity).toList());
    }

    double loss() {
      return mean(bySeed.values().stream().map(ArmResult::testLoss).toList());
    }

    /** Mean of the paired differences; null if there are none. */
    @Nullable Double difference() {
      return differences.isEmpty() ? null : (Double) mean(differences.values());
    }

    /** Seeds in which it is better than the baseline. */
    int wins() {
      return (int) differences.values().stream().filter(d -> d < 0).count();
    }

    int losses() {
      return (int) differences.values().stream().filter(d -> d > 0).count();
    }

    double p() {
      return PairedSigns.twoSided(wins(), losses());
    }

    /** Whether every seed says the same. */
    boolean isUnanimous() {
      return !differences.isEmpty() && Math.max(wins(), losses()) == differences.size();
    }

    /** Null if no seed gets there. */
    @Nullable Double meanStepsToBaseline() {
      return stepsToBaseline.isEmpty() ? null : (Double) mean(stepsToBaseline.values());
    }

    double mixerMicrosPerStep() {
      return 1e6
          * mean(
              bySeed.values().stream()
                  .map(ArmResult::adapted)
                  .map(stage -> stage.mixerTime().seconds() / stage.steps())
                  .toList());
    }

    double tokensPerSecond() {
      return mean(
          bySeed.values().stream()
              .map(result -> result.main().tokens() / result.main().trainingSeconds())
              .toList());
    }

    double trainingSeconds() {
      return mean(bySeed.values().stream().map(r -> r.main().trainingSeconds()).toList());
    }

    double evaluationSeconds() {
      return mean(bySeed.values().stream().map(r -> r.main().evaluationSeconds()).toList());
    }

    long stepsInAll() {
      return first().stepsInAll();
    }

    /** Of one group's test perplexity. */
    double perplexity(String group) {
      return mean(
          bySeed.values().stream()
              .map(result -> Math.exp(result.main().test().getOrDefault(group, Double.NaN)))
              .toList());
    }
  }

  public static ArmComparison of(ExperimentSpec spec, List<ArmResult> results) {
    Map<String, SortedMap<Long, ArmResult>> byArm = new LinkedHashMap<>();
    for (ArmResult result : results)
      byArm.computeIfAbsent(result.arm(), a -> new TreeMap<>()).put(result.seed(), result);
    SortedMap<Long, ArmResult> baseline = byArm.getOrDefault(spec.baseline(), new TreeMap<>());
    var rows = new ArrayList<Row>();
    byArm.forEach((arm, bySeed) -> rows.add(row(spec, spec.arm(arm), bySeed, baseline)));
    return new ArmComparison(spec, rows);
  }

  private static Row row(
      ExperimentSpec spec,
      Arm arm,
      SortedMap<Long, ArmResult> bySeed,
      SortedMap<Long, ArmResult> baseline) {
    var differences = new TreeMap<Long, Double>();
    var steps = new TreeMap<Long, Double>();
    bySeed.forEach(
        (seed, result) -> {
          ArmResult base = baseline.get(seed);
          if (base == null) return;
          if (!arm.name().equals(spec.baseline()))
            differences.put(seed, result.testPerplexity() - base.testPerplexity());
          double target = Curve.averagePerplexity(base.curve().last().losses());
          Double reached = result.curve().stepsTo(target);
          if (reached != null) steps.put(seed, reached);
        });
    return new Row(arm, bySeed, differences, steps);
  }

  boolean isBaseline(Row row) {
    return row.arm.name().equals(spec.baseline());
  }

  /** Null if it has no results yet. */
  @Nullable Row baseline() {
    for (Row row : rows) if (isBaseline(row)) return row;
    return null;
  }

  /**
   * An arm with results, for programs.
   *
   * @param difference mean of the paired differences to the baseline's perplexity; null without any
   * @param wins seeds in which it is better than the baseline
   * @param p of the two-sided sign test
   * @param stepsToBaseline mean; null if no seed gets there
   */
  public record ArmFacts(
      String arm,
      List<Long> seeds,
      double testLoss,
      double testPerplexity,
      @Nullable Double difference,
      int wins,
      int losses,
      double p,
      @Nullable Double stepsToBaseline) {}

  public List<ArmFacts> facts() {
    return rows.stream()
        .map(
            row ->
                new ArmFacts(
                    row.arm.name(),
                    List.copyOf(row.bySeed.keySet()),
                    row.loss(),
                    row.perplexity(),
                    row.difference(),
                    row.wins(),
                    row.losses(),
                    row.p(),
                    row.meanStepsToBaseline()))
        .toList();
  }

  /** Arms and seeds of the file that have no result. */
  public List<String> missing() {
    var missing = new ArrayList<String>();
    for (Arm arm : spec.arms())
      for (long seed : spec.seeds())
        if (rows.stream().noneMatch(r -> r.arm.equals(arm) && r.bySeed.containsKey(seed)))
          missing.add(arm.name() + " with seed " + seed);
    return missing;
  }

  /**
   * Seeds whose arms did not all begin with the same validation losses, to the last bit: there the
   * pairing is broken.
   */
  public List<Long> unpaired() {
    var unpaired = new ArrayList<Long>();
    for (long seed : spec.seeds()) {
      long beginnings =
          rows.stream()
              .map(row -> row.bySeed.get(seed))
              .filter(Objects::nonNull)
              .map(result -> result.main().validation().getFirst())
              .distinct()
              .count();
      if (beginnings > 1) unpaired.add(seed);
    }
    return unpaired;
  }

  private static double mean(Collection<Double> values) {
    double sum = 0;
    for (double value : values) sum += value;
    return sum / values.size();
  }
}
