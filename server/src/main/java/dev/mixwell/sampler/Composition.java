package dev.mixwell.sampler;

/** What composing a step gives. */
public sealed interface Composition {
  /**
   * A step's units, in batch order.
   *
   * @param unitGroups [seats] the group of each unit
   * @param unitStarts [seats] the position in its group's endless row sequence of the unit's first
   *     row; the others follow
   * @param before [m] cumulative rows before the step's own rows (after those passed over)
   * @param skipped [m] rows passed over just before the step
   * @param after where the run stands after the step
   */
  record Units(int[] unitGroups, long[] unitStarts, long[] before, long[] skipped, Position after)
      implements Composition {}

  /**
   * The step cannot be filled: {@code group} is used up under the policy {@code stop}, or every
   * group is (-1).
   */
  record Exhausted(int group) implements Composition {}
}
