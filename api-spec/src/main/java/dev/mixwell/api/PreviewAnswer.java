package dev.mixwell.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a mixer would have made of recorded feedback. Nothing of it is recorded or decides a byte.
 *
 * @param version of the update rule
 * @param attempt the newest, whose lineage was read; -1 before any
 * @param fromStep at which it would have taken effect
 * @param toStep that it has come to: the first whose feedback it has not taken in
 * @param offPolicy whether any of the feedback was gathered under another mixer's q
 * @param start p before any feedback, by group
 * @param closes in order; of many, every {@code every}-th and always the last
 * @param every 1 if all are there
 * @param p after the last, by group
 * @param state after the last, by vector
 */
public record PreviewAnswer(
    MixerSpec mixer,
    int version,
    int attempt,
    long fromStep,
    long toStep,
    boolean offPolicy,
    Map<String, Double> start,
    List<Close> closes,
    int every,
    Map<String, Double> p,
    Map<String, List<Double>> state) {

  /**
   * What one close would have decided.
   *
   * @param attempt that owns the step
   * @param step whose feedback it takes in; of a boundary, the step after it
   * @param offPolicy whether the feedback was gathered under another mixer's q
   * @param p decided, by group
   * @param lossWeights by group; null where the mixer does not weigh losses
   */
  public record Close(
      int attempt,
      long step,
      boolean offPolicy,
      Map<String, Double> p,
      @Nullable Map<String, Double> lossWeights) {}

  /**
   * A newer attempt has taken over: what was told from a step on is void, and told anew.
   *
   * @param attempt the newest
   */
  public record Fork(int attempt, long fromStep) {}
}
