/**
 * Mixers compared in the open: every arm of an experiment trains the same model from the same
 * weights on the same rows of every group, seed by seed, against one real server.
 *
 * <p>{@link dev.mixwell.experiment.ExperimentCommand} is the command, {@link
 * dev.mixwell.experiment.Experiment} runs what is not done yet. Package {@code experiment.record}
 * says what to compare and keeps what was found, package {@code experiment.report} writes the
 * pages.
 */
@NullMarked
package dev.mixwell.experiment;

import org.jspecify.annotations.NullMarked;
