/**
 * What is said of a run: its state, and the entries of its timeline, as the records of the
 * contract. A {@link dev.mixwell.answer.Query} is given {@link dev.mixwell.fold.Folded}, the face
 * of the run's state that cannot change it. Stands on {@link dev.mixwell.fold}.
 */
@NullMarked
package dev.mixwell.answer;

import org.jspecify.annotations.NullMarked;
