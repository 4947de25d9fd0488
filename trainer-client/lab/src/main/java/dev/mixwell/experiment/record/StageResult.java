package dev.mixwell.experiment.record;

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
public record StageResult(
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
   * @param p what the mixer said; where it weighs losses instead, what is sampled times the
   *     weights, as shares
   * @param q what was sampled
   */
  public record Shares(long step, List<Double> p, List<Double> q) {
    /**
     * @param lossWeights by group; null if losses are not weighed
     */
    public static Shares of(
        HistoryEntry entry, List<String> groups, @Nullable Map<String, Double> lossWeights) {
      List<Double> q = inOrder(entry.q(), groups);
      List<Double> p =
          lossWeights == null
              ? inOrder(entry.p(), groups)
              : weighed(q, inOrder(lossWeights, groups));
      return new Shares(entry.step(), p, q);
    }

    private static List<Double> inOrder(Map<String, Double> shares, List<String> groups) {
      var ordered = new ArrayList<Double>();
      for (String group : groups) ordered.add(shares.getOrDefault(group, 0.0));
      return ordered;
    }

    private static List<Double> weighed(List<Double> q, List<Double> weights) {
      double sum = 0;
      for (int i = 0; i < q.size(); i++) sum += q.get(i) * weights.get(i);
      var shares = new ArrayList<Double>();
      for (int i = 0; i < q.size(); i++)
        shares.add(sum > 0 ? q.get(i) * weights.get(i) / sum : q.get(i));
      return shares;
    }
  }
}
