package dev.mixwell.api;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the configuration of a new run may say. To be asked once, where a run is created: a run that
 * exists keeps its configuration when a bound here is tightened.
 */
public final class RunLimits {
  private static final Pattern GROUP_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  private RunLimits() {}

  /**
   * @throws Refusal {@code invalid-run}, naming the member; {@code invalid-mixer} without a name
   */
  public static void check(RunSpec run) {
    run.mixer().check();
    checkGroups(run.groups());
    within("batchRows", run.batchRows(), 1, RunSpec.MAX_BATCH_ROWS);
    within("rowTokens", run.rowTokens(), 1, RunSpec.MAX_ROW_TOKENS);
    within("unitRows", run.unitRows(), 1, run.batchRows());
    within("lookahead", run.lookahead(), 1, RunSpec.MAX_LOOKAHEAD);
    within("issueAhead", run.issueAhead(), 0, RunSpec.MAX_ISSUE_AHEAD);
    within("validationRows", run.validationRows(), 0, 1 << 20);
    within("evaluateEvery", run.evaluateEvery(), 0, Integer.MAX_VALUE);
    if (run.batchRows() % run.unitRows() != 0)
      throw invalid(
          "unitRows",
          "is " + run.unitRows() + ", which does not divide batchRows " + run.batchRows() + ".");
    double share = run.validationShare();
    if (!(share >= 0 && share < 1))
      throw invalid("validationShare", "is " + share + "; use [0, 1).");
    checkExhausted(run.exhausted());
    checkClosing(run.closing());
    checkLimits(run.limits(), run.groups().size());
  }

  private static void checkGroups(List<RunSpec.Group> groups) {
    if (groups == null || groups.isEmpty())
      throw invalid("groups", "is empty: a run mixes at least one group.");
    if (groups.size() > RunSpec.MAX_GROUPS)
      throw invalid(
          "groups", "has " + groups.size() + " entries; the limit is " + RunSpec.MAX_GROUPS + ".");
    var names = new TreeSet<String>();
    for (RunSpec.Group g : groups) {
      if (g == null || g.name() == null || !GROUP_NAME.matcher(g.name()).matches())
        throw invalid(
            "groups",
            "has an entry named `"
                + (g == null ? null : g.name())
                + "`; use 1 to 100 of A-Z a-z 0-9 _ . -");
      if (g.query() == null || g.query().isBlank())
        throw invalid("groups", "has no query for `" + g.name() + "`.");
      if (!names.add(g.name())) throw invalid("groups", "names `" + g.name() + "` twice.");
    }
  }

  private static void checkExhausted(RunSpec.Exhausted e) {
    boolean counted = e.policy() == RunSpec.Exhausted.Policy.MAX_EPOCHS;
    if (e.policy() == null)
      throw invalid("exhausted.policy", "is missing: repeat, max-epochs or stop.");
    if (counted && (e.epochs() == null || e.epochs() < 1))
      throw invalid("exhausted.epochs", "must be at least 1 for max-epochs.");
    if (!counted && e.epochs() != null)
      throw invalid("exhausted.epochs", "goes with the policy max-epochs only.");
  }

  private static void checkClosing(RunSpec.Closing c) {
    boolean timed = c.policy() == RunSpec.Closing.Policy.CLOSE_AFTER;
    if (c.policy() == null) throw invalid("closing.policy", "is missing: wait or close-after.");
    if (timed && (c.afterMillis() == null || c.afterMillis() < 1))
      throw invalid("closing.afterMillis", "must be at least 1 for close-after.");
    if (!timed && c.afterMillis() != null)
      throw invalid("closing.afterMillis", "goes with the policy close-after only.");
  }

  private static void checkLimits(RunSpec.Limits limits, int groups) {
    if (!(limits.floor() >= 0 && limits.floor() * groups <= 1))
      throw invalid(
          "limits.floor",
          "is " + limits.floor() + "; use 0 to 1/" + groups + ", so that all floors fit.");
    if (!(limits.maxChange() > 0 && limits.maxChange() <= 1))
      throw invalid("limits.maxChange", "is " + limits.maxChange() + "; use (0, 1].");
  }

  private static void within(String name, int value, int min, int max) {
    if (value < min || value > max)
      throw invalid(name, "is " + value + "; use " + min + " to " + max + ".");
  }

  private static Refusal invalid(String name, String what) {
    return new Refusal(ProblemType.INVALID_RUN, "`" + name + "` " + what).with("member", name);
  }
}
