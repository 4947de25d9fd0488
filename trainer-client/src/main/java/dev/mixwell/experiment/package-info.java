/**
 * Mixers compared in the open: every arm of an experiment trains the same model from the same
 * weights on the same rows of every group, seed by seed, against one real server.
 *
 * <p>{@link dev.mixwell.experiment.ExperimentReader} reads what to compare, {@link
 * dev.mixwell.experiment.Experiment} runs what is not done yet, {@link
 * dev.mixwell.experiment.Results} keeps it, {@link dev.mixwell.experiment.Comparison} computes the
 * tables and {@link dev.mixwell.experiment.Report} writes the pages. Depends on packages {@code
 * trainer}, {@code client}, {@code launch}, {@code demo} and {@code chart}.
 */
@NullMarked
package dev.mixwell.experiment;

import org.jspecify.annotations.NullMarked;
