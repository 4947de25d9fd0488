package dev.mixwell.api;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the run's overrides of the proportions.
 *
 * @param pins by group: the share it gets, in [0, 1]
 * @param clamps by group: the share it stays within
 * @param effective {@code now} (default) or a step number
 */
public record OverridesChange(
    Map<String, Double> pins,
    Map<String, Clamp> clamps,
    @Nullable String effective,
    String who,
    String why) {
  /** Bounds of a share, both in [0, 1]. */
  public record Clamp(double min, double max) {}

  public OverridesChange {
    pins = sorted(pins);
    clamps = sorted(clamps);
    Operator.check(who, why);
  }

  /** Shares are summed in one order, so that rounding never decides twice differently. */
  private static <V> Map<String, V> sorted(@Nullable Map<String, V> byGroup) {
    if (byGroup == null) return Map.of();
    var sorted = new TreeMap<String, V>();
    byGroup.forEach((group, value) -> sorted.put(group, Objects.requireNonNull(value)));
    return Collections.unmodifiableMap(sorted);
  }
}
