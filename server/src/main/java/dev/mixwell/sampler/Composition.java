package dev.mixwell.sampler;

/** What composing a step gives. */
public sealed interface Composition {
  /** A step's units, in batch order. Immutable. */
  final class Units implements Composition {
    private final int[] unitGroups;
    private final long[] unitStarts;
    private final long[] before;
    private final long[] skipped;
    private final Position after;

    /**
     * @param unitGroups [seats] the group of each unit
     * @param unitStarts [seats] the position in its group's endless row sequence of the unit's
     *     first row; the others follow
     * @param before [m] cumulative rows before the step's own rows (after those passed over)
     * @param skipped [m] rows passed over just before the step
     * @param after where the run stands after the step
     */
    public Units(
        int[] unitGroups, long[] unitStarts, long[] before, long[] skipped, Position after) {
      this(after, unitGroups.clone(), unitStarts.clone(), before.clone(), skipped.clone());
    }

    private Units(
        Position after, int[] unitGroups, long[] unitStarts, long[] before, long[] skipped) {
      this.unitGroups = unitGroups;
      this.unitStarts = unitStarts;
      this.before = before;
      this.skipped = skipped;
      this.after = after;
    }

    /** As the constructor; the arrays become the step's own, and the caller writes them no more. */
    static Units takingOver(
        int[] unitGroups, long[] unitStarts, long[] before, long[] skipped, Position after) {
      return new Units(after, unitGroups, unitStarts, before, skipped);
    }

    public int seats() {
      return unitGroups.length;
    }

    public int unitGroup(int unit) {
      return unitGroups[unit];
    }

    /** The position of the unit's first row in its group's endless row sequence. */
    public long unitStart(int unit) {
      return unitStarts[unit];
    }

    /** A copy: [m] cumulative rows before the step's own. */
    public long[] before() {
      return before.clone();
    }

    /** A copy: [m] rows passed over just before the step. */
    public long[] skipped() {
      return skipped.clone();
    }

    /** Where the run stands after the step. */
    public Position after() {
      return after;
    }

    /** A new array: [m] the step's own rows. */
    public long[] rows() {
      return after.rowsSince(before);
    }
  }

  /** The step cannot be filled. */
  sealed interface Exhausted extends Composition {
    /** A group that has a seat is used up under the policy {@code stop}. */
    record OneGroup(int group) implements Exhausted {}

    /** No group is left to seat. */
    record EveryGroup() implements Exhausted {}
  }
}
