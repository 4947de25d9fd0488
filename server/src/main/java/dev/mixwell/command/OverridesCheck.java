package dev.mixwell.command;

import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.Set;
import java.util.TreeSet;

/** Refuses overrides that name no group or leave the simplex. */
final class OverridesCheck {
  private static final double SUM_TOLERANCE = 1e-9;

  private final Set<String> groups = new TreeSet<>();

  OverridesCheck(RunSpec spec) {
    for (RunSpec.Group g : spec.groups()) groups.add(g.name());
  }

  void check(OverridesChange change) {
    double pinned = 0;
    for (var pin : change.pins().entrySet()) {
      checkGroup(pin.getKey());
      checkShare(pin.getKey(), pin.getValue());
      pinned += pin.getValue();
    }
    boolean allPinned = change.pins().size() == groups.size();
    if (pinned > 1 || (allPinned && Math.abs(pinned - 1) > SUM_TOLERANCE))
      throw invalid(
          "The pins sum to "
              + pinned
              + "; "
              + (allPinned
                  ? "as every group is pinned, use exactly 1."
                  : "at most 1 is there to give."));
    double least = pinned;
    double most = pinned;
    for (var clamp : change.clamps().entrySet()) {
      String group = clamp.getKey();
      checkGroup(group);
      checkShare(group, clamp.getValue().min());
      checkShare(group, clamp.getValue().max());
      if (clamp.getValue().min() > clamp.getValue().max())
        throw invalid("The clamp of `" + group + "` has min above max.");
      if (change.pins().containsKey(group))
        throw invalid("`" + group + "` is both pinned and clamped: choose one.");
      least += clamp.getValue().min();
      most += clamp.getValue().max();
    }
    boolean noneFree = change.pins().size() + change.clamps().size() == groups.size();
    if (noneFree && most < 1 - SUM_TOLERANCE)
      throw invalid(
          "Pins and upper clamps sum to " + most + "; as no group is free, they must reach 1.");
    if (least > 1)
      throw invalid("Pins and lower clamps sum to " + least + "; at most 1 is there to give.");
  }

  private void checkGroup(String group) {
    if (!groups.contains(group))
      throw invalid("`" + group + "` is not a group of this run; its groups are " + groups + ".");
  }

  private static void checkShare(String group, double share) {
    if (!(share >= 0 && share <= 1))
      throw invalid("The share " + share + " of `" + group + "` is not within [0, 1].");
  }

  private static Refusal invalid(String detail) {
    return new Refusal(ProblemType.INVALID_OPERATION, detail);
  }
}
