package dev.mixwell.command;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupAlignment;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Refuses feedback that no mixer should see. An empty post is valid: it says that nothing was
 * usable.
 */
final class FeedbackCheck {
  private final List<RunSpec.Group> groups;
  private final int rowTokens;

  FeedbackCheck(RunSpec spec) {
    this.groups = spec.groups();
    this.rowTokens = spec.rowTokens();
  }

  /**
   * @param rows [m] rows of each group that the reporter saw; for validation, those it was to
   *     evaluate
   * @throws Refusal {@code bad-feedback}, naming the group
   */
  void check(FeedbackRequest request, long[] rows) {
    checkLearningRate(request);
    if (request.groups().isEmpty()) return;
    SortedMap<String, Long> seen = new TreeMap<>();
    for (int i = 0; i < rows.length; i++) seen.put(groups.get(i).name(), rows[i]);
    for (Map.Entry<String, GroupFeedback> e : request.groups().entrySet()) {
      Long groupRows = seen.get(e.getKey());
      if (groupRows == null)
        throw bad(e.getKey(), "is not a group of this run; its groups are " + seen.keySet() + ".");
      if (request.kind() == FeedbackKind.ALIGNMENT) checkAlignment(e.getKey(), e.getValue());
      else checkSums(request.kind(), e.getKey(), e.getValue(), groupRows);
    }
    for (Map.Entry<String, Long> e : seen.entrySet()) {
      GroupFeedback got = request.groups().get(e.getKey());
      if (e.getValue() > 0
          && (got == null || (got.tokens() == 0 && request.kind() == FeedbackKind.VALIDATION)))
        throw bad(
            e.getKey(),
            "is missing though "
                + e.getValue()
                + " of its rows were served. If its loss is unusable, post empty `groups`.");
    }
  }

  private static void checkLearningRate(FeedbackRequest request) {
    Double rate = request.learningRate();
    if (request.kind() != FeedbackKind.ALIGNMENT) {
      if (rate != null) throw bad("`learningRate` goes with feedback of the kind alignment only.");
    } else if (!request.groups().isEmpty() && rate == null
        || rate != null && !(rate >= 0 && rate <= Double.MAX_VALUE))
      throw bad("`learningRate` is " + rate + "; alignment needs that of the step, 0 or more.");
  }

  private void checkAlignment(String group, GroupFeedback value) {
    GroupAlignment alignment = value.alignment();
    if (alignment == null || (alignment.gram() == null) == (alignment.score() == null))
      throw bad(group, "needs an `alignment` with either `gram` or `score`, and `norm`.");
    if (!(alignment.norm() >= 0 && alignment.norm() <= Double.MAX_VALUE))
      throw bad(group, "has norm " + alignment.norm() + "; the length of a gradient is 0 or more.");
    if (alignment.score() != null && !Double.isFinite(alignment.score()))
      throw bad(group, "has score " + alignment.score() + ", which is not finite.");
    if (alignment.gram() == null) return;
    if (alignment.gram().size() > RunSpec.MAX_GROUPS)
      throw bad(group, "has a `gram` of more than " + RunSpec.MAX_GROUPS + " targets.");
    for (var product : alignment.gram().entrySet())
      if (product.getValue() == null || !Double.isFinite(product.getValue()))
        throw bad(
            group,
            "has " + product.getValue() + " in `gram` for `" + product.getKey() + "`: not finite.");
  }

  private void checkSums(FeedbackKind kind, String group, GroupFeedback value, long rows) {
    if (value.alignment() != null)
      throw bad(group, "has an `alignment`, which goes with feedback of that kind only.");
    if (!Double.isFinite(value.lossSum()))
      throw bad(
          group,
          "has lossSum "
              + value.lossSum()
              + ", which is not finite. Post empty `groups` when a loss is unusable.");
    if (value.lossSum() < 0 && kind != FeedbackKind.DIFFERENCE)
      throw bad(group, "has lossSum " + value.lossSum() + "; a sum of losses is not negative.");
    if (value.tokens() < 0)
      throw bad(group, "has " + value.tokens() + " tokens; a count is not negative.");
    if (value.tokens() > rows * rowTokens)
      throw bad(
          group,
          "has "
              + value.tokens()
              + " tokens, but its "
              + rows
              + " rows of "
              + rowTokens
              + " hold no more than "
              + rows * rowTokens
              + ".");
    if (value.tokens() == 0 && value.lossSum() != 0)
      throw bad(group, "has lossSum " + value.lossSum() + " over 0 tokens.");
  }

  private static Refusal bad(String what) {
    return new Refusal(ProblemType.BAD_FEEDBACK, what);
  }

  private static Refusal bad(String group, String what) {
    return new Refusal(ProblemType.BAD_FEEDBACK, "Group `" + group + "` " + what)
        .with("group", group);
  }
}
