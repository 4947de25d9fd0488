package dev.mixwell.run;

import dev.mixwell.fold.StepPlan;

/** The rows of an issued step, in batch order. Immutable. */
public final class StepRows {
  private final int attempt;
  private final long step;
  private final int[] groups;
  private final long[] positions;

  private StepRows(int attempt, long step, int[] groups, long[] positions) {
    this.attempt = attempt;
    this.step = step;
    this.groups = groups;
    this.positions = positions;
  }

  /** All rows of a step. */
  static StepRows of(StepPlan plan, int unitRows) {
    return share(plan, 0, 1, unitRows);
  }

  /** A rank's equal contiguous share of the step's units, row by row. */
  static StepRows share(StepPlan plan, int rank, int world, int unitRows) {
    int units = plan.units().seats() / world;
    int first = rank * units;
    int[] groups = new int[units * unitRows];
    long[] positions = new long[units * unitRows];
    for (int unit = 0, row = 0; unit < units; unit++)
      for (int i = 0; i < unitRows; i++, row++) {
        groups[row] = plan.units().unitGroup(first + unit);
        positions[row] = plan.units().unitStart(first + unit) + i;
      }
    return new StepRows(plan.attempt(), plan.step(), groups, positions);
  }

  /** The attempt that owns the step. */
  public int attempt() {
    return attempt;
  }

  public long step() {
    return step;
  }

  /** How many rows there are. */
  public int size() {
    return groups.length;
  }

  /** A copy: [size] the group of each row. */
  public int[] groups() {
    return groups.clone();
  }

  /** A copy: [size] positions in the groups' endless row sequences. */
  public long[] positions() {
    return positions.clone();
  }
}
