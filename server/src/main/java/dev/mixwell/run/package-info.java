/**
 * A run as requests use it: one writer that executes commands, makes them durable and publishes a
 * view of what is durable; many threads that read the view.
 *
 * <p>{@link dev.mixwell.run.Run} is the face, {@link dev.mixwell.run.RunWriter} the one writer,
 * {@link dev.mixwell.run.Published} what it publishes. Whatever a command throws is its answer
 * alone; what keeps a run from going on is said by {@link dev.mixwell.run.Standstill}. Stands on
 * {@link dev.mixwell.fold}, {@link dev.mixwell.command} and {@link dev.mixwell.answer}.
 */
@NullMarked
package dev.mixwell.run;

import org.jspecify.annotations.NullMarked;
