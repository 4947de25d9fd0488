/**
 * A mixer tried on what a run has recorded, before it decides anything. Stands on {@link
 * dev.mixwell.run}.
 */
@NullMarked
package dev.mixwell.preview;

import org.jspecify.annotations.NullMarked;
