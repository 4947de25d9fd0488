package dev.mixwell.experiment.record;

import java.util.function.ToDoubleFunction;

/**
 * What the updates of a run's mixers took on the server.
 *
 * @param folds updates
 */
public record MixerTime(long folds, double seconds) {
  private static final String METER = "mixwell_mixer_seconds";

  /**
   * Reads it from the server's meters.
   *
   * @param metrics in Prometheus' text form
   */
  public static MixerTime of(String metrics, String run) {
    ToDoubleFunction<String> value =
        series -> {
          String start = METER + series + "{run=\"" + run + "\"} ";
          return metrics
              .lines()
              .filter(line -> line.startsWith(start))
              .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalStateException("the server does not report `" + start + "`"));
        };
    return new MixerTime((long) value.applyAsDouble("_count"), value.applyAsDouble("_sum"));
  }
}
