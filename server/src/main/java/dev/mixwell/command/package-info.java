/**
 * What changes a run: a trainer opens an attempt, asks for a step to be issued and posts feedback;
 * an operator swaps the mixer, sets overrides, skips rows; time closes what is overdue. Each is a
 * {@link dev.mixwell.command.Command}: it appends its events to {@link dev.mixwell.fold.Fold}, or
 * refuses.
 *
 * <p>The writer of package {@code run} executes it. Stands on {@link dev.mixwell.fold}; a command
 * says what it has done in the records of {@link dev.mixwell.answer}.
 */
@NullMarked
package dev.mixwell.command;

import org.jspecify.annotations.NullMarked;
