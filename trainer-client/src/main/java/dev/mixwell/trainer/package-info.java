/**
 * A GPT-style decoder trained with DJL and PyTorch on what a run serves, with losses of every group
 * sent back.
 *
 * <p>{@link dev.mixwell.trainer.Gpt} computes, {@link dev.mixwell.trainer.Learner} takes optimizer
 * steps, {@link dev.mixwell.trainer.Checkpoints} keeps them, {@link dev.mixwell.trainer.Training}
 * is the loop against a server and {@link dev.mixwell.trainer.TrainCommand} its command line. The
 * only package that knows DJL. Depends on packages {@code client} and {@code api}.
 */
@NullMarked
package dev.mixwell.trainer;

import org.jspecify.annotations.NullMarked;
