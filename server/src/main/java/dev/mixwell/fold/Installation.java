package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
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

  /**
   * Whether the mixer has another version here than the run has recorded. Nothing is computed with
   * it then that would be recorded: what an operator installs next goes on.
   */
  public boolean isHeld() {
    return event.version() != mixer.version();
  }

  /**
   * What is said where {@link #isHeld} keeps something from being done.
   *
   * @param what is not done
   */
  public Refusal held(String what) {
    return refusal(
        what
            + ". Issued steps are served, and feedback is recorded. PUT the run's mixer: the same one, which confirms the version and starts it anew, or another. Or start a server that has version "
            + event.version()
            + ".");
  }

  /** What is said of an issued step that the version at hand would serve otherwise. */
  public Refusal otherwise(long step) {
    return refusal(
        "it does not give the proportions that step %d was served with. Only a server that has version %d serves this step again."
            .formatted(step, event.version()));
  }

  private Refusal refusal(String what) {
    return new Refusal(
            ProblemType.MIXER_VERSION,
            "The run has recorded version %d of the mixer `%s`, and this server has version %d, which may compute otherwise: %s"
                .formatted(event.version(), mixer.name(), mixer.version(), what))
        .with("mixer", mixer.name())
        .with("recordedVersion", event.version())
        .with("presentVersion", mixer.version());
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
