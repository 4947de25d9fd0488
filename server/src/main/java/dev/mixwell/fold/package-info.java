/**
 * The fold of a run's timeline: every rule of who decides what and when.
 *
 * <p>Read in this order: {@link dev.mixwell.fold.Attempts} (who owns a step), {@link
 * dev.mixwell.fold.Operations} (what operators set, as each attempt sees it), {@link
 * dev.mixwell.fold.Ledger} (feedback and closes), {@link dev.mixwell.fold.Planner} (what a step
 * holds, or what it waits for), {@link dev.mixwell.fold.Closer} (what a mixer makes of feedback),
 * and then the two faces of all of them together: {@link dev.mixwell.fold.Folded} to read, {@link
 * dev.mixwell.fold.Fold} to append. A fold belongs to one thread; that of a served run belongs to
 * the writer of package {@code run}. Any thread may read the plans of issued steps ({@link
 * dev.mixwell.fold.Recent}), how long updates took ({@link dev.mixwell.fold.FoldWatch}), and values
 * that are immutable, such as {@link dev.mixwell.fold.StepPlan}.
 *
 * <p>Stands on {@link dev.mixwell.timeline}, {@link dev.mixwell.mixer} and {@link
 * dev.mixwell.sampler}.
 */
@NullMarked
package dev.mixwell.fold;

import org.jspecify.annotations.NullMarked;
