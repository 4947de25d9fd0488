package dev.mixwell.fold;

import org.jspecify.annotations.Nullable;

/**
 * An attempt among its ancestors: each continues its parent from its own first step on.
 *
 * @param <A> what an attempt is here
 */
public interface Lineage<A extends Lineage<A>> {
  /** The first step that is the attempt's own. */
  long fromStep();

  /** The attempt that it continues; null if it continues none. */
  @Nullable A parent();

  /** The attempt of a lineage that issued, or will issue, the step. */
  static <A extends Lineage<A>> A owner(A attempt, long step) {
    A owner = attempt;
    while (step < owner.fromStep()) {
      A parent = owner.parent();
      if (parent == null) return owner;
      owner = parent;
    }
    return owner;
  }
}
