package dev.mixwell.answer;

import dev.mixwell.fold.Folded;

/**
 * A question about a run, answered by the run's writer from what is durable. It is given the face
 * to read and no other, so a query that writes does not compile.
 *
 * @param <T> the answer
 */
public interface Query<T> {
  T ask(Folded folded);
}
