/**
 * The mixers: pure state machines, feedback in, proportions out; one file a paper.
 *
 * <p>No clock, no thread, no file, no randomness that is not in the state. Sums run in index order;
 * {@code StrictMath} only. The run (package {@code run}) folds them over the timeline; what they
 * return is recorded with each close, so that history never needs their arithmetic again.
 */
@NullMarked
package dev.mixwell.mixer;

import org.jspecify.annotations.NullMarked;
