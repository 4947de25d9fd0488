package dev.mixwell.sampler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands between two steps: how far every group has been read, and what it is owed.
 * Immutable.
 *
 * <p>The carry is counted in {@link SeatWeights#ONE}ths of a seat, so that its sum is exactly 0 for
 * ever.
 */
public final class Position {
  private final long[] rows;
  private final long[] carry;
  private final double @Nullable [] q;

  /**
   * @param rows [m] rows taken of each group since the run began
   * @param carry [m] seats asked for and not yet given, in units of 1/{@link SeatWeights#ONE}
   * @param q [m] proportions served at the step before; null before the first
   */
  public Position(long[] rows, long[] carry, double @Nullable [] q) {
    this.rows = rows.clone();
    this.carry = carry.clone();
    this.q = q == null ? null : q.clone();
  }

  public static Position start(int groups) {
    return new Position(new long[groups], new long[groups], null);
  }

  public long[] rows() {
    return rows.clone();
  }

  /**
   * A new array: [m] rows of each group since an earlier place.
   *
   * @param earlier [m] cumulative rows
   */
  public long[] rowsSince(long[] earlier) {
    long[] since = new long[rows.length];
    for (int i = 0; i < since.length; i++) since[i] = rows[i] - earlier[i];
    return since;
  }

  /** Rows of a group that were asked for since the run began: those taken, and those owed. */
  public double askedRows(int group, int unitRows) {
    return rows[group] + carry[group] / (double) SeatWeights.ONE * unitRows;
  }

  public long rows(int group) {
    return rows[group];
  }

  public long[] carry() {
    return carry.clone();
  }

  public double @Nullable [] q() {
    return q == null ? null : q.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Position p
        && Arrays.equals(rows, p.rows)
        && Arrays.equals(carry, p.carry)
        && Arrays.equals(q, p.q);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(rows) + Arrays.hashCode(carry);
  }

  @Override
  public String toString() {
    return "rows "
        + Arrays.toString(rows)
        + " carry "
        + Arrays.toString(carry)
        + " q "
        + Arrays.toString(q);
  }
}
