/**
 * The tables, pictures and pages of an experiment. {@link
 * dev.mixwell.experiment.report.ArmComparison} computes, {@link
 * dev.mixwell.experiment.report.Report} writes. Stands on {@link dev.mixwell.experiment.record}.
 */
@NullMarked
package dev.mixwell.experiment.report;

import org.jspecify.annotations.NullMarked;
