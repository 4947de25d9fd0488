package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Phase;
import dev.mixwell.timeline.Event;

/**
 * A mixer in force. The same event replayed in another attempt is another installation: it starts
 * with fresh state.
 *
 * @param attempt in which it took effect
 * @param operation its event's sequence number, or {@link Operations#FIRST_MIXER}
 */
public record Installation(
    Attempt attempt, long operation, Event.MixerInstalled event, Mixer mixer) {
  public long effectiveStep() {
    return event.effectiveStep();
  }

  /** Whether a step closes for this mixer, with feedback of {@link Mixer#awaits()}. */
  public boolean awaitsStep() {
    FeedbackKind kind = mixer.awaits();
    return kind != null && kind != FeedbackKind.VALIDATION;
  }

  /** Whether it waits for validation losses before the step. */
  public boolean isBoundary(long step) {
    return step >= effectiveStep() && mixer.isBoundary(step - effectiveStep());
  }

  public Phase phase(long step) {
    return mixer.phase(step - effectiveStep());
  }

  public boolean isSameAs(Installation other) {
    return attempt == other.attempt && operation == other.operation;
  }
}
