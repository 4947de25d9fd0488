/**
 * What an experiment compares ({@link dev.mixwell.experiment.record.ExperimentSpec}) and what it
 * found ({@link dev.mixwell.experiment.record.Results}), as files.
 *
 * <p>Stands on {@link dev.mixwell.trainer}. {@link dev.mixwell.experiment} writes results, and
 * {@link dev.mixwell.experiment.report} reads them.
 */
@NullMarked
package dev.mixwell.experiment.record;

import org.jspecify.annotations.NullMarked;
