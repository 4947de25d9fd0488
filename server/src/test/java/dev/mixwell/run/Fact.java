package dev.mixwell.run;

import dev.mixwell.fold.Installation;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;

/**
 * All that is frozen when a step is issued.
 *
 * @param rows [B] in batch order, each as group and position in one number
 */
record Fact(StepPlan plan, long[] rows) {
  private static final int GROUP_SHIFT = 40;

  static Fact of(StepPlan plan, int unitRows) {
    StepRows whole = StepRows.of(plan, unitRows);
    return new Fact(plan, rows(whole.groups(), whole.positions()));
  }

  static long[] rows(int[] groups, long[] positions) {
    long[] rows = new long[groups.length];
    for (int i = 0; i < rows.length; i++) rows[i] = (long) groups[i] << GROUP_SHIFT | positions[i];
    return rows;
  }

  static int group(long row) {
    return (int) (row >>> GROUP_SHIFT);
  }

  static long position(long row) {
    return row & ((1L << GROUP_SHIFT) - 1);
  }

  Proportions p() {
    return plan.proposal().p();
  }

  Installation installation() {
    return plan.installation();
  }

  /** Cumulative rows before the step and what it passed over. */
  long[] from() {
    long[] from = plan.units().before();
    for (int i = 0; i < from.length; i++) from[i] -= plan.units().skipped()[i];
    return from;
  }

  boolean isSameAs(Fact other) {
    return Arrays.equals(rows, other.rows)
        && plan.attempt() == other.plan.attempt()
        && p().equals(other.p())
        && plan.q().equals(other.plan.q())
        && installation().operation() == other.installation().operation()
        && installation().attempt().number() == other.installation().attempt().number()
        && Arrays.equals(plan.units().before(), other.plan.units().before())
        && Arrays.equals(plan.units().skipped(), other.plan.units().skipped())
        && plan.units().after().equals(other.plan.units().after())
        && Arrays.equals(plan.proposal().lossWeights(), other.plan.proposal().lossWeights());
  }

  @Override
  public String toString() {
    return "attempt %d step %d operation %d p %s q %s after %s skipped %s"
        .formatted(
            plan.attempt(),
            plan.step(),
            installation().operation(),
            p(),
            plan.q(),
            plan.units().after(),
            Arrays.toString(plan.units().skipped()));
  }
}
