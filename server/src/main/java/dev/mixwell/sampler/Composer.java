package dev.mixwell.sampler;

import dev.mixwell.api.RunSpec;
import dev.mixwell.mixer.Proportions;
import org.jspecify.annotations.Nullable;

/**
 * Composes one step after another: seats by the proportions served, rows by each group's own
 * cumulative count, order by a keyed permutation of the units. A pure function of its arguments;
 * thread-safe.
 */
public final class Composer {
  private static final long SEAT_DRAWS = 1;
  private static final long ORDER_DRAWS = 2;
  private static final long SKIP_DRAWS = 3;

  private final long seed;
  private final int seats;
  private final int unitRows;
  private final RunSpec.Composition rule;
  private final boolean stops;
  private final long[] rowLimits;

  /**
   * @param groupRows [m] rows of one epoch of each group, at least {@code unitRows}
   */
  public Composer(RunSpec spec, long[] groupRows) {
    this.seed = spec.seed();
    this.seats = spec.seats();
    this.unitRows = spec.unitRows();
    this.rule = spec.composition();
    this.stops = spec.exhausted().policy() == RunSpec.Exhausted.Policy.STOP;
    this.rowLimits = new long[groupRows.length];
    for (int i = 0; i < rowLimits.length; i++)
      rowLimits[i] = rowLimit(spec.exhausted(), groupRows[i]);
  }

  /**
   * One step to compose.
   *
   * @param q proportions served
   * @param apportioned whether the seats are apportioned whatever the run's rule
   * @param resetCarry whether every account starts at 0
   * @param skipSteps how many steps' seats to pass over first
   */
  public record Request(
      long step, Proportions q, boolean apportioned, boolean resetCarry, int skipSteps) {}

  /** The groups that cannot fill one more unit and must not be asked for any. */
  public boolean[] mask(Position at) {
    return mask(at.rows());
  }

  private boolean[] mask(long[] rows) {
    boolean[] masked = new boolean[rowLimits.length];
    for (int i = 0; i < masked.length && !stops; i++) masked[i] = isUsedUp(rows[i], i);
    return masked;
  }

  public Composition compose(Position from, Request request) {
    double[] q = request.q().toArray();
    long[] rows = from.rows();
    long[] carry = request.resetCarry() ? new long[rows.length] : from.carry();
    var skipping = new Seating(q, mask(rows), carry, draws(SKIP_DRAWS, request));
    long passedOver = (long) request.skipSteps() * seats;
    Composition.Exhausted over = seat(skipping, passedOver, rows, null, null);
    if (over != null) return over;
    long[] before = rows.clone();
    var seating = new Seating(q, mask(rows), carry, draws(SEAT_DRAWS, request));
    int[] groups = new int[seats];
    long[] starts = new long[seats];
    over = seat(seating, seats, rows, groups, starts);
    if (over != null) return over;
    shuffle(groups, starts, new Draws(seed, ORDER_DRAWS, request.step()));
    long[] skipped = before.clone();
    for (int i = 0; i < skipped.length; i++) skipped[i] -= from.rows(i);
    var after = new Position(rows, carry, q);
    return Composition.Units.takingOver(groups, starts, before, skipped, after);
  }

  private @Nullable Draws draws(long purpose, Request request) {
    boolean drawn = rule == RunSpec.Composition.IID && !request.apportioned();
    return drawn ? new Draws(seed, purpose, request.step()) : null;
  }

  /**
   * Seats units and counts their rows.
   *
   * @param rows [m] changed in place
   * @param groups [count] is told each unit's group; null where units are passed over
   * @param starts [count] is told each unit's first row; null with {@code groups}
   * @return why a unit could not be seated; null if all were
   */
  private Composition.@Nullable Exhausted seat(
      Seating seating, long count, long[] rows, int @Nullable [] groups, long @Nullable [] starts) {
    for (long seat = 0; seat < count; seat++) {
      if (seating.isOver()) return new Composition.Exhausted.EveryGroup();
      int group = seating.next(seat);
      if (isUsedUp(rows[group], group)) return new Composition.Exhausted.OneGroup(group);
      rows[group] += unitRows;
      if (!stops && isUsedUp(rows[group], group)) seating.mask(group);
      if (groups == null || starts == null) continue;
      groups[(int) seat] = group;
      starts[(int) seat] = rows[group] - unitRows;
    }
    return null;
  }

  private boolean isUsedUp(long rows, int group) {
    return rows > rowLimits[group] - unitRows;
  }

  private static void shuffle(int[] groups, long[] starts, Draws draws) {
    for (int i = groups.length - 1; i > 0; i--) {
      int j = (int) draws.below(i, i + 1L);
      int group = groups[i];
      groups[i] = groups[j];
      groups[j] = group;
      long start = starts[i];
      starts[i] = starts[j];
      starts[j] = start;
    }
  }

  private static long rowLimit(RunSpec.Exhausted exhausted, long groupRows) {
    return switch (exhausted.policy()) {
      case REPEAT -> Long.MAX_VALUE;
      case STOP -> groupRows;
      case MAX_EPOCHS -> {
        long epochs = exhausted.epochs() == null ? 1 : exhausted.epochs();
        yield groupRows > Long.MAX_VALUE / epochs ? Long.MAX_VALUE : groupRows * epochs;
      }
    };
  }
}
