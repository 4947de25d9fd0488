package dev.mixwell.trainer;

import java.util.List;
import java.util.Map;

/**
 * A launch that has come to its end.
 *
 * @param attempts that this training has gone through: the resumed one, where there was one, and
 *     this launch's
 * @param fromStep the first step of this launch
 * @param toStep steps trained in all
 * @param tokens predicted in training by this launch
 * @param seconds of this launch, evaluations and checkpoints included
 * @param evaluationSeconds of these, spent on held-out rows
 * @param validation what was evaluated, in order
 */
public record TrainReport(
    String run,
    List<Integer> attempts,
    long fromStep,
    long toStep,
    long tokens,
    double seconds,
    double evaluationSeconds,
    String device,
    long parameters,
    List<Evaluation> validation) {
  /**
   * Mean loss of each group's held-out rows by the model after {@code step} steps, nats a token.
   */
  public record Evaluation(long step, Map<String, Double> losses) {}
}
