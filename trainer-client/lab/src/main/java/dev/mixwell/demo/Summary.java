package dev.mixwell.demo;

import dev.mixwell.api.OperationView;
import java.util.List;
import java.util.Map;

/**
 * What the demo found: {@code summary.json}.
 *
 * @param steps trained
 * @param swap the mixer's change in mid-run
 * @param attempts opened: one for each launch of the trainer
 * @param resumedAtStep where the second launch took up
 * @param largestShareChange largest difference between a group's first and last share
 * @param groups by name
 */
record Summary(
    long steps,
    int rowTokens,
    OperationView swap,
    int attempts,
    long resumedAtStep,
    double largestShareChange,
    Map<String, GroupSummary> groups,
    List<String> urls,
    double seconds) {

  /**
   * @param tokensAskedFor what the proportions asked for
   * @param tokensDelivered what was served
   * @param validationFirst mean loss of the held-out rows before the first step, nats per token
   */
  record GroupSummary(
      double tokensAskedFor,
      long tokensDelivered,
      double shareFirst,
      double shareLast,
      double validationFirst,
      double validationLast) {}

  /** For people: a line a group. */
  String table() {
    var text = new StringBuilder();
    text.append(
        "%-15s %14s %14s %8s %8s %9s %9s%n"
            .formatted(
                "group", "tokens asked", "delivered", "first p", "last p", "loss 0", "loss end"));
    groups.forEach(
        (name, g) ->
            text.append(
                "%-15s %,14.0f %,14d %8.4f %8.4f %9.4f %9.4f%n"
                    .formatted(
                        name,
                        g.tokensAskedFor,
                        g.tokensDelivered,
                        g.shareFirst,
                        g.shareLast,
                        g.validationFirst,
                        g.validationLast)));
    return text.toString();
  }
}
