package dev.mixwell.trainer.model;

/**
 * Of AdamW.
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second
 * @param weightDecay a step, times the learning rate
 * @param clipNorm the gradient's norm is cut to it; 0 for no bound
 */
public record OptimizerSettings(
    double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {
  /** As small language models are usually trained. */
  public static final OptimizerSettings USUAL = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);
}
