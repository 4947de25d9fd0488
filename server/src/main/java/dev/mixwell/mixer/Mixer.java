package dev.mixwell.mixer;

import dev.mixwell.api.FeedbackKind;
import org.jspecify.annotations.Nullable;

/**
 * One update rule with its parameters: a pure function of state and feedback. Immutable and
 * thread-safe.
 *
 * <p>A group's index is its place in the run's group list. {@link #fold} is called once for every
 * close of the awaited kind, in order, also for steps that closed with nothing seen.
 */
public interface Mixer {
  /** The name of its specification, such as {@code odm}. */
  String name();

  /**
   * The version of the rule; a change of what it computes makes a new one.
   *
   * <p>A run records the version with each mixer that is put into force. Where the code has another
   * one, {@link #fold} and {@link #start} are not asked for anything new until an operator puts a
   * mixer into force again. What a close has decided is recorded, and never computed again.
   *
   * <p>The rest is not recorded: {@link #awaits}, {@link #phase}, {@link #isBoundary}, {@link
   * #start} and the defaults of parameters. Steps that are issued are planned again by the code
   * that is there. A change of these that would change the steps of a run that exists needs a new
   * name beside the new version. Where a close has recorded other proportions than the code gives,
   * the step is refused.
   */
  int version();

  /** The feedback whose absence holds the run back; null if it waits for nothing. */
  @Nullable FeedbackKind awaits();

  /**
   * The state before any feedback.
   *
   * @param current proportions in force before it, to continue from; null to start as its paper
   *     does
   */
  Decision start(@Nullable Proportions current);

  /**
   * Takes the feedback of one close.
   *
   * @return the state after it and the proportions it decides; the same p as before if it has
   *     nothing to go by
   */
  Decision fold(MixerState before, Observation seen);

  /** How the step at {@code offset} is decided. */
  default Phase phase(long offset) {
    return awaits() == null ? new Phase.Constant() : new Phase.Online();
  }

  /**
   * Whether validation losses are waited for before the step at {@code offset}; at 0 they are those
   * of the model as the mixer finds it.
   */
  default boolean isBoundary(long offset) {
    return false;
  }
}
