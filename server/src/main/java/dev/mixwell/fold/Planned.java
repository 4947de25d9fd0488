package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.sampler.Composition;

/** What asking for a step's plan gives. */
public sealed interface Planned
    permits StepPlan, Planned.Undecided, Planned.Held, Planned.Exhausted {
  /**
   * The proportions wait for the close of that step, or of the boundary before it if the kind is
   * validation.
   */
  record Undecided(FeedbackKind kind, long step) implements Planned {}

  /** The mixer would have to decide, and is {@link Installation#isHeld held}. */
  record Held(Installation by) implements Planned {}

  /** The data is used up: of one group, or of all. */
  record Exhausted(Composition.Exhausted what) implements Planned {}
}
