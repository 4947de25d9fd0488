package dev.mixwell.command;

import dev.mixwell.fold.Fold;

/**
 * Something that changes a run, executed by the run's writer. What it answers is given once its
 * events are durable.
 *
 * @param <T> the answer
 */
public interface Command<T> {
  /**
   * Appends the events that it decides.
   *
   * @throws dev.mixwell.base.Refusal if it cannot be done; the run is then as it was before
   */
  T execute(Fold fold, long nowMillis);

  /** Whether the run stands still while this cannot be done. */
  default boolean carriesOn() {
    return true;
  }
}
