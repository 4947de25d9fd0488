/**
 * The training loop of one launch against a server, and its checkpoints.
 *
 * <p>{@link dev.mixwell.trainer.Training} is the loop, {@link dev.mixwell.trainer.Checkpoints}
 * keeps what was learnt. Stands on {@link dev.mixwell.trainer.model} and package {@code client}.
 */
@NullMarked
package dev.mixwell.trainer;

import org.jspecify.annotations.NullMarked;
