/**
 * What an experiment compares ({@link dev.mixwell.experiment.record.ExperimentSpec}) and what it
 * found ({@link dev.mixwell.experiment.record.Results}), as files.
 */
@NullMarked
package dev.mixwell.experiment.record;

import org.jspecify.annotations.NullMarked;
