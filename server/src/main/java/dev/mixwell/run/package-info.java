/**
 * A run: the fold of its timeline, and every rule of who decides what and when.
 *
 * <p>Read in this order: {@link dev.mixwell.run.Attempts} (who owns a step), {@link
 * dev.mixwell.run.Operations} (what operators set, as each attempt sees it), {@link
 * dev.mixwell.run.Ledger} (feedback and closes), {@link dev.mixwell.run.Planner} (what a step
 * holds, or what it waits for), {@link dev.mixwell.run.Closer} (what a mixer makes of feedback),
 * {@link dev.mixwell.run.RunCore} (the commands). All of these belong to one thread, the {@link
 * dev.mixwell.run.RunWriter}'s; requests see them through {@link dev.mixwell.run.Run} as immutable
 * values.
 */
@NullMarked
package dev.mixwell.run;

import org.jspecify.annotations.NullMarked;
