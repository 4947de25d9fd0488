package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.Mixer;
import org.jspecify.annotations.Nullable;

/** A rank's share of an issued step: facts that never change. Immutable. */
public final class IssuedStep implements Pulled {
  private final int rank;
  private final StepRows rows;
  private final Mixer mixer;
  private final double @Nullable [] lossWeights;

  private IssuedStep(int rank, StepRows rows, Mixer mixer, double @Nullable [] lossWeights) {
    this.rank = rank;
    this.rows = rows;
    this.mixer = mixer;
    this.lossWeights = lossWeights;
  }

  /**
   * @param world ranks that share the step
   */
  static IssuedStep of(StepPlan plan, int rank, int world, int unitRows) {
    return new IssuedStep(
        rank,
        StepRows.share(plan, rank, world, unitRows),
        plan.installation().mixer(),
        plan.proposal().lossWeights());
  }

  /** The attempt that owns the step. */
  public int attempt() {
    return rows.attempt();
  }

  public long step() {
    return rows.step();
  }

  public int rank() {
    return rank;
  }

  /** How many rows the share has. */
  public int rows() {
    return rows.size();
  }

  /** A copy: [rows] in batch order. */
  public int[] groups() {
    return rows.groups();
  }

  /** A copy: [rows] in the group's endless row sequence. */
  public long[] positions() {
    return rows.positions();
  }

  /** The name of the mixer that was in force. */
  public String mixer() {
    return mixer.name();
  }

  /** The feedback without which the step does not close; null for none. */
  public @Nullable FeedbackKind awaits() {
    return mixer.awaits();
  }

  /** A copy: [m], or null. */
  public double @Nullable [] lossWeights() {
    return lossWeights == null ? null : lossWeights.clone();
  }
}
