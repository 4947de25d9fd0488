package dev.mixwell.fold;

import dev.mixwell.mixer.Proportions;
import dev.mixwell.sampler.Composition;

/**
 * What a step holds. Immutable; frozen once the step is issued.
 *
 * @param attempt that owns the step
 * @param proposal what the mixer said
 * @param q what is sampled
 */
public record StepPlan(
    int attempt,
    long step,
    Installation installation,
    Proposal.Proposed proposal,
    Proportions q,
    Composition.Units units)
    implements Planned {}
