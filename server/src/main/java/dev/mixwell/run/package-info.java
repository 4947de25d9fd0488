/**
 * A run as requests use it: one writer that executes commands, makes them durable and publishes an
 * immutable view; many threads that read the view.
 *
 * <p>{@link dev.mixwell.run.Run} is the face, {@link dev.mixwell.run.RunWriter} the one writer.
 * Stands on {@link dev.mixwell.fold}, {@link dev.mixwell.command} and {@link dev.mixwell.answer}.
 */
@NullMarked
package dev.mixwell.run;

import org.jspecify.annotations.NullMarked;
