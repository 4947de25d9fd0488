package dev.mixwell.trainer.model;

/**
 * The learning rate by step: rises linearly to {@code peak}, then stays or falls along half a
 * cosine to a tenth of it.
 *
 * @param warmupSteps steps that rise
 * @param totalSteps where the cosine ends
 */
public record LearningRate(double peak, Schedule schedule, long warmupSteps, long totalSteps) {
  public enum Schedule {
    constant,
    cosine
  }

  private static final double LAST_SHARE = 0.1;

  public double at(long step) {
    if (step < warmupSteps) return peak * (step + 1) / warmupSteps;
    return switch (schedule) {
      case constant -> peak;
      case cosine -> cosine((double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
    };
  }

  private double cosine(double progress) {
    double half = (1 + Math.cos(Math.PI * Math.min(1, progress))) / 2;
    return peak * (LAST_SHARE + (1 - LAST_SHARE) * half);
  }
}
