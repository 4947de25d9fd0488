package dev.mixwell.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.RunSpec;
import dev.mixwell.mixer.Proportions;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ServedTest {
  private static final RunSpec.Limits NONE = new RunSpec.Limits(0.0, 1.0);
  private static final double ROUNDING = 1e-12;

  @Test
  void withoutLimitsItIsWhatTheMixerSays() {
    assertServed(new double[] {0.1, 0.2, 0.7}, NONE, Overrides.NONE, null, 0.1, 0.2, 0.7);
  }

  @Test
  void theFloorIsMixedIn() {
    var limits = new RunSpec.Limits(0.1, 1.0);
    assertServed(new double[] {0, 0.5, 0.5}, limits, Overrides.NONE, null, 0.1, 0.45, 0.45);
    var all = new RunSpec.Limits(1.0 / 3, 1.0);
    assertServed(new double[] {0, 0, 1}, all, Overrides.NONE, null, 1.0 / 3, 1.0 / 3, 1.0 / 3);
  }

  @Test
  void theOthersShareWhatAPinLeavesInTheirOldRatios() {
    assertServed(new double[] {0.5, 0.1, 0.4}, NONE, pins(0, 0.75), null, 0.75, 0.05, 0.2);
    assertServed(new double[] {0.5, 0.1, 0.4}, NONE, pins(0, 0), null, 0, 0.2, 0.8);
    assertServed(new double[] {0.5, 0.1, 0.4}, NONE, pins(0, 1), null, 1, 0, 0);
    assertServed(new double[] {1, 0, 0}, NONE, pins(0, 0.5), null, 0.5, 0.25, 0.25);
  }

  @Test
  void aClampHoldsWhereItBinds() {
    assertServed(new double[] {0.6, 0.1, 0.3}, NONE, clamp(0, 0, 0.2), null, 0.2, 0.2, 0.6);
    assertServed(
        new double[] {0.6, 0.1, 0.3}, NONE, clamp(1, 0.3, 1), null, 7.0 / 15, 0.3, 3.5 / 15);
    assertServed(new double[] {0.6, 0.1, 0.3}, NONE, clamp(0, 0.5, 0.7), null, 0.6, 0.1, 0.3);
    assertServed(new double[] {0.6, 0.1, 0.3}, NONE, clamp(2, 1, 1), null, 0, 0, 1);
    assertServed(new double[] {1, 0, 0}, NONE, clamp(0, 0, 0.5), null, 0.5, 0.25, 0.25);
  }

  @Test
  void clampsOfAllGroupsHoldTogether() {
    var clamps =
        new Overrides(
            Map.of(), Map.of(0, new Overrides.Range(0, 0.3), 1, new Overrides.Range(0, 1)));
    assertServed(new double[] {0.5, 0.5}, NONE, clamps, null, 0.3, 0.7);
  }

  @Test
  void noShareMovesByMoreThanTheBound() {
    var limits = new RunSpec.Limits(0.0, 0.1);
    double[] last = {0.5, 0.3, 0.2};
    assertServed(new double[] {0.1, 0.5, 0.4}, limits, Overrides.NONE, last, 0.4, 0.35, 0.25);
    assertServed(new double[] {0.45, 0.35, 0.2}, limits, Overrides.NONE, last, 0.45, 0.35, 0.2);
  }

  @Test
  void theBoundIsMeasuredAmongTheGroupsThatHaveRows() {
    var limits = new RunSpec.Limits(0.0, 0.1);
    boolean[] masked = {false, false, true};
    Proportions q =
        Served.of(
            Proportions.of(0.1, 0.1, 0.8),
            limits,
            Overrides.NONE,
            new double[] {0.6, 0.2, 0.2},
            masked);
    assertNotNull(q);
    assertArrayEquals(new double[] {0.65, 0.35, 0}, q.toArray(), ROUNDING); // from 3/4, 1/4, 0
  }

  @Test
  void maskedGroupsGetNothingAndNothingIsServedWhenNoneIsLeft() {
    var p = Proportions.of(0.5, 0.25, 0.25, 0);
    Proportions q =
        Served.of(p, NONE, Overrides.NONE, null, new boolean[] {true, false, false, false});
    assertNotNull(q);
    assertArrayEquals(new double[] {0, 0.5, 0.5, 0}, q.toArray());
    assertNull(Served.of(p, NONE, Overrides.NONE, null, new boolean[] {true, true, true, false}));
  }

  @Test
  void whateverIsAskedForTheResultIsOnTheSimplexAndWithinItsBounds() {
    for (int seed = 0; seed < 20_000; seed++) {
      var random = new SplittableRandom(seed);
      int m = 1 + random.nextInt(12);
      Proportions p = Proportions.of(SeatingTest.shares(m, random));
      double floor = random.nextInt(3) == 0 ? random.nextDouble() / m : 0;
      double maxChange = random.nextInt(3) == 0 ? 1 - random.nextDouble() : 1;
      Overrides overrides = feasible(m, random);
      double[] last = random.nextBoolean() ? SeatingTest.shares(m, random) : null;
      boolean[] masked = new boolean[m];
      boolean anyMasked = false;
      if (random.nextInt(3) == 0)
        for (int i = 0; i < m; i++) anyMasked |= masked[i] = random.nextInt(4) == 0;
      Proportions q = Served.of(p, new RunSpec.Limits(floor, maxChange), overrides, last, masked);
      if (q == null) {
        assertTrue(anyMasked, "seed " + seed);
        continue;
      }
      for (int i = 0; i < m; i++) {
        if (masked[i]) assertEquals(0, q.share(i));
        if (anyMasked) continue;
        if (last != null)
          assertTrue(Math.abs(q.share(i) - last[i]) <= maxChange + ROUNDING, "seed " + seed);
        if (last == null || maxChange == 1) assertWithin(overrides, i, q.share(i), "seed " + seed);
      }
    }
  }

  /** Bounds round a hidden point of the simplex, so that they can all be met. */
  private static Overrides feasible(int m, SplittableRandom random) {
    var pins = new HashMap<Integer, Double>();
    var clamps = new HashMap<Integer, Overrides.Range>();
    double[] point = SeatingTest.shares(m, random);
    for (int i = 0; i < m; i++) {
      int what = random.nextInt(6);
      if (what == 0) pins.put(i, point[i]);
      double low = point[i] * random.nextDouble();
      double high = point[i] + (1 - point[i]) * random.nextDouble();
      if (what == 1) clamps.put(i, new Overrides.Range(low, 1));
      if (what == 2) clamps.put(i, new Overrides.Range(0, high));
      if (what == 3) clamps.put(i, new Overrides.Range(low, high));
    }
    return new Overrides(pins, clamps);
  }

  private static void assertWithin(Overrides overrides, int group, double share, String seed) {
    Double pin = overrides.pins().get(group);
    if (pin != null) assertEquals(pin, share, ROUNDING, seed);
    Overrides.Range range = overrides.clamps().get(group);
    if (range == null) return;
    assertTrue(share >= range.min() - ROUNDING && share <= range.max() + ROUNDING, seed);
  }

  private static Overrides pins(int group, double share) {
    return new Overrides(Map.of(group, share), Map.of());
  }

  private static Overrides clamp(int group, double min, double max) {
    return new Overrides(Map.of(), Map.of(group, new Overrides.Range(min, max)));
  }

  private static void assertServed(
      double[] p,
      RunSpec.Limits limits,
      Overrides overrides,
      double @Nullable [] last,
      double... expected) {
    Proportions q = Served.of(Proportions.of(p), limits, overrides, last, new boolean[p.length]);
    assertNotNull(q);
    assertArrayEquals(expected, q.toArray(), ROUNDING);
  }
}
