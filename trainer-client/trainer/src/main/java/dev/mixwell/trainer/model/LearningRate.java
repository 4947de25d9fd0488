package dev.mixwell.trainer.model;

import java.util.Locale;

/**
 * The learning rate by step: rises linearly to {@code peak}, then stays or falls along half a
 * cosine to a tenth of it.
 *
 * @param warmupSteps steps that rise
 * @param totalSteps where the cosine ends
 */
public record LearningRate(double peak, Schedule schedule, long warmupSteps, long totalSteps) {
  /** What the rate does after the rise. */
  public enum Schedule {
    CONSTANT,
    COSINE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final double LAST_SHARE = 0.1;

  public double at(long step) {
    if (step < warmupSteps) return peak * (step + 1) / warmupSteps;
    return switch (schedule) {
      case CONSTANT -> peak;
      case COSINE -> cosine((double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
    };
  }

  private double cosine(double progress) {
    double half = (1 + Math.cos(Math.PI * Math.min(1, progress))) / 2;
    return peak * (LAST_SHARE + (1 - LAST_SHARE) * half);
  }
}
