package dev.mixwell.sampler;

import dev.mixwell.api.RunSpec;
import java.util.List;
import java.util.stream.IntStream;

/** Runs of which only the sampler's side matters. */
final class Specs {
  static final RunSpec.Exhausted REPEAT =
      new RunSpec.Exhausted(RunSpec.Exhausted.Policy.REPEAT, null);
  static final RunSpec.Exhausted STOP = new RunSpec.Exhausted(RunSpec.Exhausted.Policy.STOP, null);

  private Specs() {}

  static RunSpec.Exhausted epochs(int epochs) {
    return new RunSpec.Exhausted(RunSpec.Exhausted.Policy.MAX_EPOCHS, epochs);
  }

  static RunSpec apportioned(long seed, int groups, int batchRows, int unitRows) {
    return spec(seed, groups, batchRows, unitRows, RunSpec.Composition.APPORTIONED, REPEAT);
  }

  static RunSpec spec(
      long seed,
      int groups,
      int batchRows,
      int unitRows,
      RunSpec.Composition composition,
      RunSpec.Exhausted exhausted) {
    List<RunSpec.Group> named =
        IntStream.range(0, groups).mapToObj(i -> new RunSpec.Group("g" + i, "*:*")).toList();
    return RunSpec.draft(seed, named, batchRows, 16)
        .unitRows(unitRows)
        .composition(composition)
        .exhausted(exhausted)
        .spec();
  }
}
