package dev.mixwell.experiment.record;

import java.util.List;

/**
 * What one arm gave with one seed: a file of the results.
 *
 * @param stages the runs in their order; the last is what is compared
 * @param made where and when
 */
public record ArmResult(Conditions conditions, long seed, List<StageResult> stages, Made made) {
  /**
   * @param at in ISO 8601
   */
  public record Made(String machine, String commit, String at) {}

  public ArmResult {
    stages = List.copyOf(stages);
  }

  public String arm() {
    return conditions.arm().name();
  }

  /** The run that is compared. */
  public StageResult main() {
    return stages.getLast();
  }

  /** The run in which the mixer moved. */
  public StageResult adapted() {
    for (StageResult stage : stages) if (stage.role() == Stage.Role.PROXY) return stage;
    return main();
  }

  /** Steps trained over all its runs. */
  public long stepsInAll() {
    return stages.stream().mapToLong(StageResult::steps).sum();
  }

  public double testLoss() {
    return Curve.averageLoss(main().test());
  }

  public double testPerplexity() {
    return Curve.averagePerplexity(main().test());
  }

  public Curve curve() {
    return Curve.of(main().validation(), conditions.evaluateEvery());
  }
}
