package dev.mixwell.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.RunSpec;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.proof.Proof;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ComposerTest {
  private static final RunSpec.Limits NO_LIMITS = new RunSpec.Limits(0.0, 1.0);

  @Test
  void noRowIsLostOrRepeatedHoweverTheSharesMove() {
    try (var proof = new Proof("rows-tile", 1_000, 50_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> wander(seed));
    }
  }

  /** A run under moving shares, zeros, pins, used-up groups, skips and resets of the carry. */
  private static void wander(int seed) {
    var random = new SplittableRandom(seed);
    int m = 1 + random.nextInt(9);
    int unitRows = 1 + random.nextInt(4);
    int seats = 1 + random.nextInt(24);
    boolean counted = random.nextBoolean();
    var rule = RunSpec.Composition.values()[random.nextInt(2)];
    var policy = counted ? Specs.epochs(1 + random.nextInt(3)) : Specs.REPEAT;
    long[] groupRows = random.longs(m, unitRows, 400).toArray();
    var spec = Specs.spec(seed, m, seats * unitRows, unitRows, rule, policy);
    var composer = new Composer(spec, groupRows);
    Position at = Position.start(m);
    for (int step = 0; step < 60; step++) {
      boolean[] mask = composer.mask(at);
      Overrides pins = random.nextInt(4) == 0 ? pins(m, random) : Overrides.NONE;
      Proportions p = Proportions.of(SeatingTest.shares(m, random));
      Proportions q = Served.of(p, NO_LIMITS, pins, at.q(), mask);
      if (q == null) return;
      int skip = random.nextInt(8) == 0 ? 1 + random.nextInt(3) : 0;
      boolean probe = random.nextInt(8) == 0;
      var request = new Composer.Request(step, q, probe, probe && random.nextBoolean(), skip);
      Composition made = composer.compose(at, request);
      assertSame(made, composer.compose(at, request));
      if (!(made instanceof Composition.Units units)) {
        assertTrue(counted);
        return;
      }
      check(at, units, unitRows, skip * seats, q);
      at = units.after();
      if (counted)
        for (int i = 0; i < m; i++) assertTrue(at.rows(i) <= groupRows[i] * policy.epochs());
    }
  }

  private static Overrides pins(int m, SplittableRandom random) {
    return new Overrides(Map.of(random.nextInt(m), random.nextInt(5) / 4.0), Map.of());
  }

  private static void check(
      Position from, Composition.Units units, int unitRows, int skippedUnits, Proportions q) {
    Position after = units.after();
    assertEquals(0, Arrays.stream(after.carry()).sum(), "the carries sum to 0");
    assertEquals((long) skippedUnits * unitRows, Arrays.stream(units.skipped()).sum());
    for (int i = 0; i < q.size(); i++) {
      int group = i;
      assertEquals(from.rows(i) + units.skipped()[i], units.before()[i], "group " + i);
      long[] starts =
          IntStream.range(0, units.seats())
              .filter(unit -> units.unitGroup(unit) == group)
              .mapToLong(units::unitStart)
              .sorted()
              .toArray();
      long next = units.before()[i];
      for (long start : starts) {
        assertEquals(next, start, "group " + i);
        next += unitRows;
      }
      assertEquals(next, after.rows(i), "group " + i);
      if (q.share(i) == 0)
        assertEquals(from.rows(i), after.rows(i), "group " + i + " has no share");
    }
    assertArrayEquals(q.toArray(), after.q());
  }

  private static void assertSame(Composition a, Composition b) {
    if (!(a instanceof Composition.Units x)) {
      assertEquals(a, b);
      return;
    }
    var y = assertInstanceOf(Composition.Units.class, b);
    assertEquals(x.seats(), y.seats());
    for (int unit = 0; unit < x.seats(); unit++) {
      assertEquals(x.unitGroup(unit), y.unitGroup(unit));
      assertEquals(x.unitStart(unit), y.unitStart(unit));
    }
    assertEquals(x.after(), y.after());
  }

  @Test
  void aGroupIsReadToItsLastWholeUnitAndNoFurther() {
    // 10 rows twice are 20; units of 3 rows: 6 units are 18 rows, and 2 rows are left over
    var composer = composer(2, 6, 3, Specs.epochs(2), 10, 1_000);
    Position at = Position.start(2);
    for (int step = 0; step < 20; step++) at = compose(composer, at, step, 0.5, 0.5).after();
    assertEquals(18, at.rows(0));
    assertEquals(20 * 6 - 18, at.rows(1));
    assertArrayEquals(new boolean[] {true, false}, composer.mask(at));
  }

  @Test
  void aGroupIsMaskedOnlyOnceItsLastUnitIsGiven() {
    var composer = composer(2, 4, 1, Specs.epochs(3), 2, 1_000);
    Position at = Position.start(2);
    for (int step = 0; step < 2; step++) at = compose(composer, at, step, 0.5, 0.5).after();
    assertArrayEquals(new boolean[2], composer.mask(at));
    assertEquals(4, at.rows(0));
    at = compose(composer, at, 2, 0.5, 0.5).after();
    assertEquals(6, at.rows(0));
    assertArrayEquals(new boolean[] {true, false}, composer.mask(at));
  }

  @Test
  void aGroupThatRunsOutInsideAStepLeavesItsSeatsToTheOthers() {
    for (var rule : RunSpec.Composition.values()) {
      var spec = Specs.spec(4, 3, 96, 2, rule, Specs.epochs(1));
      var composer = new Composer(spec, new long[] {7, 1_000, 1_000});
      Composition.Units units = compose(composer, Position.start(3), 0, 0.8, 0.1, 0.1);
      assertEquals(6, units.after().rows(0));
      assertEquals(90, units.after().rows(1) + units.after().rows(2));
      assertEquals(0, units.after().carry()[0]);
      assertEquals(0, Arrays.stream(units.after().carry()).sum());
    }
  }

  @Test
  void whenEveryGroupRunsOutInsideAStepThereIsNoStep() {
    var composer = composer(2, 8, 1, Specs.epochs(1), 4, 4);
    Composition.Units last = compose(composer, Position.start(2), 0, 0.5, 0.5);
    assertArrayEquals(new boolean[] {true, true}, composer.mask(last.after()));
    var seven = composer(2, 8, 1, Specs.epochs(1), 4, 3);
    assertEquals(
        new Composition.Exhausted.EveryGroup(), attempt(seven, Position.start(2), 0, 0.5, 0.5));
  }

  @Test
  void stopNamesTheGroupThatCannotFillItsSeat() {
    var composer = composer(2, 4, 2, Specs.STOP, 5, 1_000);
    Position at = Position.start(2);
    for (int step = 0; step < 2; step++) at = compose(composer, at, step, 0.5, 0.5).after();
    assertEquals(4, at.rows(0));
    assertArrayEquals(new boolean[2], composer.mask(at));
    assertEquals(new Composition.Exhausted.OneGroup(0), attempt(composer, at, 2, 0.5, 0.5));
    compose(composer, at, 2, 0, 1);
  }

  @Test
  void stopServesAGroupToItsVeryLastRow() {
    var composer = composer(2, 4, 2, Specs.STOP, 6, 1_000);
    Position at = Position.start(2);
    for (int step = 0; step < 3; step++) at = compose(composer, at, step, 0.5, 0.5).after();
    assertEquals(6, at.rows(0));
    assertEquals(new Composition.Exhausted.OneGroup(0), attempt(composer, at, 3, 0.5, 0.5));
  }

  @Test
  void aSkipThatRunsOutIsAStepThatRunsOut() {
    var composer = composer(2, 4, 1, Specs.STOP, 5, 1_000);
    var request = new Composer.Request(0, Proportions.of(0.5, 0.5), false, false, 3);
    assertEquals(
        new Composition.Exhausted.OneGroup(0), composer.compose(Position.start(2), request));
  }

  @Test
  void repeatNeverMasks() {
    var composer = composer(2, 4, 2, Specs.REPEAT, 2, 2);
    Position at = new Position(new long[] {1L << 61, 1L << 62}, new long[2], null);
    assertArrayEquals(new boolean[2], composer.mask(at));
    assertEquals((1L << 61) + 2, compose(composer, at, 0, 0.5, 0.5).after().rows(0));
  }

  @Test
  void moreEpochsThanALongCanCountAreNoLimit() {
    var composer = composer(1, 1, 1, Specs.epochs(Integer.MAX_VALUE), 1L << 40);
    assertArrayEquals(new boolean[1], composer.mask(Position.start(1)));
    assertEquals(1, compose(composer, Position.start(1), 0, 1).after().rows(0));
  }

  @Test
  void aSkipPassesOverWhatTheStepsWouldHaveTaken() {
    var composer = composer(2, 8, 1, Specs.REPEAT, 1_000, 1_000);
    Position start = Position.start(2);
    Position three = start;
    for (int step = 0; step < 3; step++) three = compose(composer, three, step, 0.3, 0.7).after();
    var request = new Composer.Request(9, Proportions.of(0.3, 0.7), false, false, 3);
    var skipping = (Composition.Units) composer.compose(start, request);
    assertArrayEquals(three.rows(), skipping.skipped());
    assertEquals(compose(composer, three, 9, 0.3, 0.7).after(), skipping.after());
  }

  @Test
  void aResetForgetsWhatIsOwed() {
    var composer = composer(3, 7, 1, Specs.REPEAT, 100, 100, 100);
    Position at = compose(composer, Position.start(3), 0, 0.2, 0.3, 0.5).after();
    var request = new Composer.Request(1, Proportions.of(0.2, 0.3, 0.5), false, true, 0);
    var reset = (Composition.Units) composer.compose(at, request);
    var fresh = compose(composer, Position.start(3), 1, 0.2, 0.3, 0.5);
    for (int unit = 0; unit < fresh.seats(); unit++)
      assertEquals(fresh.unitGroup(unit), reset.unitGroup(unit));
    assertArrayEquals(fresh.after().carry(), reset.after().carry());
  }

  @Test
  void apportionedSegmentsOfAnIndependentRunAreApportioned() {
    var spec = Specs.spec(1, 2, 10, 1, RunSpec.Composition.IID, Specs.REPEAT);
    var composer = new Composer(spec, new long[] {100, 100});
    for (int step = 0; step < 20; step++) {
      var request = new Composer.Request(step, Proportions.of(0.3, 0.7), true, true, 0);
      var units = (Composition.Units) composer.compose(Position.start(2), request);
      assertArrayEquals(new long[] {3, 7}, units.after().rows());
    }
  }

  private static Composer composer(
      int m, int batchRows, int unitRows, RunSpec.Exhausted policy, long... groupRows) {
    return new Composer(
        Specs.spec(1, m, batchRows, unitRows, RunSpec.Composition.APPORTIONED, policy), groupRows);
  }

  private static Composition attempt(Composer composer, Position at, long step, double... p) {
    Proportions q =
        Served.of(Proportions.of(p), NO_LIMITS, Overrides.NONE, null, composer.mask(at));
    if (q == null) return new Composition.Exhausted.EveryGroup();
    return composer.compose(at, new Composer.Request(step, q, false, false, 0));
  }

  private static Composition.Units compose(Composer composer, Position at, long step, double... p) {
    return (Composition.Units) attempt(composer, at, step, p);
  }
}
