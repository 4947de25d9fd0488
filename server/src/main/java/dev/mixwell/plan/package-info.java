/**
 * The sampler: from proportions to rows. Pure functions of values; integers where shares are
 * counted, so that nothing drifts.
 *
 * <p>{@link dev.mixwell.plan.Served} turns what the mixer says into what is served; {@link
 * dev.mixwell.plan.Composer} turns that into the units of one step and moves every group's
 * cumulative count on. Which row a count stands for is the business of package {@code group}; when
 * a step may be composed, of package {@code run}.
 */
@NullMarked
package dev.mixwell.plan;

import org.jspecify.annotations.NullMarked;
