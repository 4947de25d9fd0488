/**
 * The fold of a run's timeline: every rule of who decides what and when.
 *
 * <p>Read in this order: {@link dev.mixwell.fold.Attempts} (who owns a step), {@link
 * dev.mixwell.fold.Operations} (what operators set, as each attempt sees it), {@link
 * dev.mixwell.fold.Ledger} (feedback and closes), {@link dev.mixwell.fold.Planner} (what a step
 * holds, or what it waits for), {@link dev.mixwell.fold.Closer} (what a mixer makes of feedback),
 * and then the two faces of all of them together: {@link dev.mixwell.fold.Folded} to read, {@link
 * dev.mixwell.fold.Fold} to append. Everything here belongs to one thread, the writer of package
 * {@code run}.
 *
 * <p>Stands on {@link dev.mixwell.timeline}, {@link dev.mixwell.mixer} and {@link
 * dev.mixwell.sampler}.
 */
@NullMarked
package dev.mixwell.fold;

import org.jspecify.annotations.NullMarked;
