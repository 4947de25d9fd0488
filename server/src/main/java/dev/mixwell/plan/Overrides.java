package dev.mixwell.plan;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * An operator's bounds of shares, by group index. Immutable.
 *
 * @param pins the share a group gets
 * @param clamps lowest and highest share of a group
 */
public record Overrides(Map<Integer, Double> pins, Map<Integer, Range> clamps) {
  public static final Overrides NONE = new Overrides(Map.of(), Map.of());

  public record Range(double min, double max) {}

  public Overrides {
    pins = java.util.Collections.unmodifiableMap(new TreeMap<>(pins));
    clamps = java.util.Collections.unmodifiableMap(new TreeMap<>(clamps));
  }

  /** Sets the pinned shares and scales the others into what is left. */
  void pin(double[] shares) {
    if (pins.isEmpty()) return;
    double pinned = 0;
    double free = 0;
    for (int i = 0; i < shares.length; i++) {
      Double pin = pins.get(i);
      if (pin == null) free += shares[i];
      else pinned += pin;
    }
    double left = Math.max(0, 1 - pinned);
    int others = shares.length - pins.size();
    for (int i = 0; i < shares.length; i++) {
      Double pin = pins.get(i);
      shares[i] = pin != null ? pin : free > 0 ? shares[i] / free * left : left / others;
    }
  }

  void clamp(double[] shares) {
    clamps.forEach(
        (group, range) ->
            shares[group] = Math.min(range.max(), Math.max(range.min(), shares[group])));
  }

  /** Groups that no override touches: they take up what the others leave. */
  boolean[] free(int groups) {
    boolean[] free = new boolean[groups];
    Arrays.fill(free, true);
    pins.keySet().forEach(group -> free[group] = false);
    clamps.keySet().forEach(group -> free[group] = false);
    return free;
  }
}
