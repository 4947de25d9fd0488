/**
 * Groups: which tokens a group's query selects, how its stream is cut into rows, and in which order
 * the rows are served.
 *
 * <p>{@link dev.mixwell.opened.Dataset} is the opened index. {@link
 * dev.mixwell.group.GroupResolver} turns a query into {@link dev.mixwell.group.Extents}, {@link
 * dev.mixwell.group.GroupRows} cuts them into rows and {@link dev.mixwell.group.RowOrder} orders
 * the rows. What a run reads, such as extents and rows, is immutable; what makes it, such as {@link
 * dev.mixwell.group.ExtentsWriter}, {@link dev.mixwell.group.PackingPlan} and {@link
 * dev.mixwell.group.ExtentsCache}, belongs to one thread at a time. Nothing here knows of
 * proportions: package {@code sampler} says how many rows of which group, package {@code pack}
 * copies them.
 */
@NullMarked
package dev.mixwell.group;

import org.jspecify.annotations.NullMarked;
