package dev.mixwell.api;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A post of feedback.
 *
 * @param kind what is reported
 * @param rank who reports; absent (0) where one rank posts reduced sums, and for validation
 * @param groups by group name; empty says "nothing usable", which is valid
 * @param learningRate of the step, for {@code alignment} only
 */
public record FeedbackRequest(
    FeedbackKind kind,
    @Nullable Integer rank,
    Map<String, GroupFeedback> groups,
    @Nullable Double learningRate) {
  public FeedbackRequest(
      FeedbackKind kind, @Nullable Integer rank, Map<String, GroupFeedback> groups) {
    this(kind, rank, groups, null);
  }

  public FeedbackRequest {
    if (kind == null)
      throw new Refusal(
          ProblemType.MALFORMED_REQUEST,
          "`kind` is missing: one of train, validation, excess, difference, alignment.");
    if (groups == null)
      throw new Refusal(
          ProblemType.MALFORMED_REQUEST,
          "`groups` is missing: an object by group name (empty if nothing is usable).");
    groups.forEach(
        (name, seen) -> {
          if (seen == null)
            throw new Refusal(
                ProblemType.MALFORMED_REQUEST,
                "Group `" + name + "` is null: leave it out instead.");
        });
  }
}
