package dev.mixwell.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What the trainer saw of one group at one step.
 *
 * @param lossSum nats, summed over {@code tokens}
 * @param tokens predicted tokens counted; 0 means that nothing was seen
 * @param alignment for that kind only, in place of the sums, which are then 0
 */
public record GroupFeedback(double lossSum, long tokens, @Nullable GroupAlignment alignment) {
  public GroupFeedback(double lossSum, long tokens) {
    this(lossSum, tokens, null);
  }

  /** Of JSON: the sums may be missing only beside an alignment. */
  @JsonCreator
  static GroupFeedback of(
      @JsonProperty("lossSum") @Nullable Double lossSum,
      @JsonProperty("tokens") @Nullable Long tokens,
      @JsonProperty("alignment") @Nullable GroupAlignment alignment) {
    if (alignment == null && (lossSum == null || tokens == null))
      throw new Refusal(
          ProblemType.MALFORMED_REQUEST,
          "`"
              + (lossSum == null ? "lossSum" : "tokens")
              + "` of a group is missing or null; it is left out only beside an `alignment`.");
    return new GroupFeedback(lossSum == null ? 0 : lossSum, tokens == null ? 0 : tokens, alignment);
  }
}
