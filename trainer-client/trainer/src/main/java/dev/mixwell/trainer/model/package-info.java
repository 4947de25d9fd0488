/**
 * A GPT-style decoder on DJL and PyTorch, and one optimizer step of it with the losses of every
 * group.
 *
 * <p>{@link dev.mixwell.trainer.model.Gpt} computes, {@link dev.mixwell.trainer.model.Learner}
 * takes optimizer steps.
 *
 * <p>Stands on {@link dev.mixwell.client}; {@link dev.mixwell.trainer} calls it.
 */
@NullMarked
package dev.mixwell.trainer.model;

import org.jspecify.annotations.NullMarked;
