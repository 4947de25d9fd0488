/**
 * Adaptive Data Optimization (arXiv 2410.11820): the update rule ({@link
 * dev.mixwell.mixer.ado.Ado}) and the scaling laws that it fits to each group's losses ({@link
 * dev.mixwell.mixer.ado.ScalingLawFit}).
 *
 * <p>Stands on {@link dev.mixwell.mixer}.
 */
@NullMarked
package dev.mixwell.mixer.ado;

import org.jspecify.annotations.NullMarked;
