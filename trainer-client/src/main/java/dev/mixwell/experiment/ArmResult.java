package dev.mixwell.experiment;

import java.util.List;

/**
 * What one arm gave with one seed: a file of the results.
 *
 * @param stages the runs in their order; the last is what is compared
 * @param made where and when
 */
record ArmResult(Conditions conditions, long seed, List<StageResult> stages, Made made) {
  /**
   * @param at in ISO 8601
   */
  record Made(String machine, String commit, String at) {}

  ArmResult {
    stages = List.copyOf(stages);
  }

  String arm() {
    return conditions.arm().name();
  }

  /** The run that is compared. */
  StageResult main() {
    return stages.getLast();
  }

  /** The run in which the mixer moved. */
  StageResult adapted() {
    for (StageResult stage : stages) if (stage.role() == Stage.Role.PROXY) return stage;
    return main();
  }

  /** Steps trained over all its runs. */
  long stepsInAll() {
    return stages.stream().mapToLong(StageResult::steps).sum();
  }

  double testLoss() {
    return Curve.averageLoss(main().test());
  }

  double testPerplexity() {
    return Curve.averagePerplexity(main().test());
  }

  Curve curve() {
    return Curve.of(main().validation(), conditions.evaluateEvery());
  }
}
