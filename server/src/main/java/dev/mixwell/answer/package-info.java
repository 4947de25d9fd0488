/**
 * What is said of a run: its state, and the entries of its timeline, as the records of the
 * contract. Stands on {@link dev.mixwell.fold}.
 */
@NullMarked
package dev.mixwell.answer;

import org.jspecify.annotations.NullMarked;
