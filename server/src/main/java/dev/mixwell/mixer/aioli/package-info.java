/**
 * Aioli (arXiv 2411.05735): the update rule ({@link dev.mixwell.mixer.aioli.Aioli}), and when and
 * in which order it probes the groups.
 *
 * <p>Stands on {@link dev.mixwell.mixer} and {@link dev.mixwell.mixer.rules}.
 */
@NullMarked
package dev.mixwell.mixer.aioli;

import org.jspecify.annotations.NullMarked;
