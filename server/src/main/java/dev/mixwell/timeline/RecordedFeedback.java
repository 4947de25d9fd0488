package dev.mixwell.timeline;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a reporter posted of one group.
 *
 * @param lossSum nats, summed over {@code tokens}
 * @param alignment for that kind only, beside sums of 0
 */
public record RecordedFeedback(double lossSum, long tokens, @Nullable Alignment alignment) {
  /**
   * How the group's gradient lay.
   *
   * @param gram by the target's name; null where {@code score} was posted
   */
  public record Alignment(
      @Nullable SortedMap<String, Double> gram, @Nullable Double score, double norm) {}
}
