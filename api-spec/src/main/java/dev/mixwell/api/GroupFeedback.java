package dev.mixwell.api;

import org.jspecify.annotations.Nullable;

/**
 * What the trainer saw of one group at one step.
 *
 * @param lossSum nats, summed over {@code tokens}
 * @param tokens predicted tokens counted; 0 means that nothing was seen
 * @param alignment for that kind only, in place of the sums
 */
public record GroupFeedback(double lossSum, long tokens, @Nullable GroupAlignment alignment) {
  public GroupFeedback(double lossSum, long tokens) {
    this(lossSum, tokens, null);
  }
}
