package dev.mixwell.run;

import dev.mixwell.mixer.Proportions;
import dev.mixwell.plan.Composition;

/**
 * What a step holds. Immutable; frozen once the step is issued.
 *
 * @param attempt that owns the step
 * @param proposal what the mixer said
 * @param q what is sampled
 */
record StepPlan(
    int attempt,
    long step,
    Installation installation,
    Proposal.Proposed proposal,
    Proportions q,
    Composition.Units units)
    implements Planned {}
