/**
 * A GPT-style decoder on DJL and PyTorch, and one optimizer step of it with the losses of every
 * group.
 *
 * <p>{@link dev.mixwell.trainer.model.Gpt} computes, {@link dev.mixwell.trainer.model.Learner}
 * takes optimizer steps.
 */
@NullMarked
package dev.mixwell.trainer.model;

import org.jspecify.annotations.NullMarked;
