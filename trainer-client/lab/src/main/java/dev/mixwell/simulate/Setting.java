package dev.mixwell.simulate;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import java.util.List;

/**
 * What simulated runs have in common.
 *
 * @param steps of each run
 * @param batchRows rows of a step
 * @param unitRows rows drawn together from one group
 * @param floor least share that is served of every group
 * @param habits of the trainer
 */
record Setting(
    long steps,
    int batchRows,
    int unitRows,
    RunSpec.Composition composition,
    int lookahead,
    double floor,
    SyntheticTrainer.Habits habits) {
  static final int ROW_TOKENS = 128;
  private static final int VALIDATION_ROWS = 16;
  private static final int ISSUE_AHEAD = 16;

  /** A trainer that prefetches as much as the lookahead allows and posts without delay. */
  static Setting of(long steps, int batchRows, int lookahead) {
    return new Setting(
        steps,
        batchRows,
        1,
        RunSpec.Composition.APPORTIONED,
        lookahead,
        0,
        new SyntheticTrainer.Habits(lookahead - 1, 0));
  }

  Setting with(SyntheticTrainer.Habits other) {
    return new Setting(steps, batchRows, unitRows, composition, lookahead, floor, other);
  }

  /** One drawn unit a step, as for a bandit that pulls one arm, and no share below the floor. */
  Setting oneArm(double floor) {
    return new Setting(
        steps, batchRows, batchRows, RunSpec.Composition.IID, lookahead, floor, habits);
  }

  /** Tokens of a whole run. */
  double tokens() {
    return (double) steps * batchRows * ROW_TOKENS;
  }

  RunSpec run(World world, MixerSpec mixer, long seed) {
    List<RunSpec.Group> groups =
        world.groups().stream()
            .map(g -> new RunSpec.Group(g.name(), "simulated:" + g.name()))
            .toList();
    return RunSpec.draft(seed, groups, batchRows, ROW_TOKENS)
        .unitRows(unitRows)
        .composition(composition)
        .mixer(mixer)
        .lookahead(lookahead)
        .issueAhead(ISSUE_AHEAD)
        .validationRows(VALIDATION_ROWS)
        .validationShare(0)
        .limits(new RunSpec.Limits(floor, 1.0))
        .spec();
  }
}
