package dev.mixwell.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;

/**
 * Adam with decoupled weight decay (arXiv 1711.05101, algorithm 2) and moments that can be saved,
 * which DJL's own cannot. Decay is for matrices only, not for biases and norms. Owned by the
 * training thread.
 */
final class AdamW {
  private final OptimizerSettings settings;
  final Weights first;
  final Weights second;
  private long updates;

  /** With moments at zero. */
  AdamW(OptimizerSettings settings, Weights parameters, NDManager manager) {
    this.settings = settings;
    first = parameters.zeros(manager);
    second = parameters.zeros(manager);
  }

  /** Steps taken: the t of the paper's bias correction. */
  long updates() {
    return updates;
  }

  /** To go on from saved moments. */
  void resume(long updatesSoFar) {
    updates = updatesSoFar;
  }

  /**
   * Takes a step, unless the gradient is not finite: then nothing changes.
   *
   * @return the gradient's norm before clipping
   */
  double step(Weights parameters, Weights gradients, double learningRate) {
    try (var temporaries =
        new NDScope()) { // results of operations on weights and moments would stay with them
      // otherwise
      temporaries.suppressNotUsedWarning();
      double norm = norm(gradients);
      if (!Double.isFinite(norm)) return norm;
      double clip =
          settings.clipNorm() > 0 && norm > settings.clipNorm() ? settings.clipNorm() / norm : 1;
      updates++;
      for (String name : parameters.all().keySet()) {
        NDArray gradient = clip < 1 ? gradients.get(name).mul(clip) : gradients.get(name);
        update(name, parameters.get(name), gradient, learningRate);
      }
      return norm;
    }
  }

  private static double norm(Weights gradients) {
    double sum = 0;
    for (NDArray g : gradients.all().values()) sum += g.square().sum().getFloat();
    return Math.sqrt(sum);
  }

  private void update(String name, NDArray parameter, NDArray gradient, double learningRate) {
    NDArray m = first.get(name);
    NDArray v = second.get(name);
    m.muli(settings.beta1()).addi(gradient.mul(1 - settings.beta1()));
    v.muli(settings.beta2()).addi(gradient.square().mul(1 - settings.beta2()));
    NDArray deviation =
        v.div(1 - Math.pow(settings.beta2(), updates)).sqrt().add(settings.epsilon());
    NDArray direction = m.div(1 - Math.pow(settings.beta1(), updates)).div(deviation);
    if (parameter.getShape().dimension() > 1)
      parameter.muli(1 - learningRate * settings.weightDecay());
    parameter.subi(direction.mul(learningRate));
  }
}
