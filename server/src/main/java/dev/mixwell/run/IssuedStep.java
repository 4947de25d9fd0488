package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.Mixer;
import org.jspecify.annotations.Nullable;

/**
 * A rank's share of an issued step: facts that never change.
 *
 * @param rank -1 for the whole batch
 * @param groups [rows] in batch order
 * @param positions [rows] in the group's endless row sequence
 * @param awaits the feedback without which the step does not close; null for none
 * @param lossWeights [m], or null
 */
public record IssuedStep(
    int attempt,
    long step,
    int rank,
    int[] groups,
    long[] positions,
    String mixer,
    @Nullable FeedbackKind awaits,
    double @Nullable [] lossWeights) {

  /**
   * The rank's equal contiguous share of the step's units, row by row.
   *
   * @param world 1 for the whole batch
   */
  static IssuedStep of(StepPlan plan, int rank, int world, int unitRows) {
    int[] unitGroups = plan.units().unitGroups();
    long[] unitStarts = plan.units().unitStarts();
    int share = unitGroups.length / world;
    int first = Math.max(rank, 0) * share;
    int[] groups = new int[share * unitRows];
    long[] positions = new long[share * unitRows];
    for (int unit = 0, row = 0; unit < share; unit++)
      for (int i = 0; i < unitRows; i++, row++) {
        groups[row] = unitGroups[first + unit];
        positions[row] = unitStarts[first + unit] + i;
      }
    Mixer mixer = plan.installation().mixer();
    return new IssuedStep(
        plan.attempt(),
        plan.step(),
        rank,
        groups,
        positions,
        mixer.name(),
        mixer.awaits(),
        plan.proposal().lossWeights());
  }
}
