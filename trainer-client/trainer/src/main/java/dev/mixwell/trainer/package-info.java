/**
 * The training loop of one launch against a server, its checkpoints, and its command line.
 *
 * <p>{@link dev.mixwell.trainer.Training} is the loop, {@link dev.mixwell.trainer.Checkpoints}
 * keeps what was learnt, {@link dev.mixwell.trainer.TrainCommand} is the command. Stands on {@link
 * dev.mixwell.trainer.model} and package {@code client}.
 */
@NullMarked
package dev.mixwell.trainer;

import org.jspecify.annotations.NullMarked;
