/**
 * The sampler: from proportions to rows. Pure functions of values; the rows of a group are counted
 * in integers, so that nothing drifts.
 *
 * <p>{@link dev.mixwell.sampler.Served} turns what the mixer says into what is served; {@link
 * dev.mixwell.sampler.Composer} turns that into the units of one step and moves every group's
 * cumulative count on. Which row a count stands for is the business of package {@code group}; when
 * a step may be composed, of package {@code fold}.
 */
@NullMarked
package dev.mixwell.sampler;

import org.jspecify.annotations.NullMarked;
