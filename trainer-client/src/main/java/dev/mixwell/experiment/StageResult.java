package dev.mixwell.experiment;

import dev.mixwell.api.HistoryEntry;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.trainer.TrainReport.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run gave.
 *
 * @param run its name on the server
 * @param trainingSeconds without the evaluations
 * @param evaluationSeconds of held-out rows during training
 * @param mixerTime spent in the mixer's updates, on the server
 * @param validation losses over the steps
 * @param test losses of the rows that no mixer hears of, by the finished model; empty if not tested
 * @param average the mixer's running average of its proportions, by group; null if it keeps none
 * @param history of every step
 */
record StageResult(
    String run,
    Stage.Role role,
    MixerSpec mixer,
    long steps,
    long tokens,
    String device,
    long parameters,
    double trainingSeconds,
    double evaluationSeconds,
    MixerTime mixerTime,
    List<Evaluation> validation,
    Map<String, Double> test,
    @Nullable Map<String, Double> average,
    List<Shares> history) {

  /**
   * The proportions of a step, in the order of the groups.
   *
   * @param p what the mixer said
   * @param q what was sampled
   */
  record Shares(long step, List<Double> p, List<Double> q) {
    static Shares of(HistoryEntry entry, List<String> groups) {
      return new Shares(entry.step(), inOrder(entry.p(), groups), inOrder(entry.q(), groups));
    }

    private static List<Double> inOrder(Map<String, Double> shares, List<String> groups) {
      var ordered = new ArrayList<Double>();
      for (String group : groups) ordered.add(shares.getOrDefault(group, 0.0));
      return ordered;
    }
  }
}
