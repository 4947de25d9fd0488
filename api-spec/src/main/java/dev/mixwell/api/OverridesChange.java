package dev.mixwell.api;

import java.util.Map;
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
    pins = pins == null ? Map.of() : Map.copyOf(pins);
    clamps = clamps == null ? Map.of() : Map.copyOf(clamps);
    Operator.check(who, why);
  }
}
