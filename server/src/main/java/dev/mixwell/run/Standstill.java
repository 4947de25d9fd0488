package dev.mixwell.run;

import dev.mixwell.base.Refusal;

/**
 * Why a run does not go on.
 *
 * @param reason in a word: the problem's short name, or that of what was thrown
 * @param detail what fails, why, and what to do
 * @param sinceMillis since 1970
 * @param cause what was thrown
 */
public record Standstill(String reason, String detail, long sinceMillis, Throwable cause) {
  /** What fails. */
  enum Kind {
    /** The run cannot be opened again. */
    OPENING("The run's timeline cannot be read again: %s"),

    /** What was decided cannot be made durable. */
    STORING("The timeline cannot be written: %s"),

    /** The mixer has another version here than the run has recorded. */
    HELD("%s"),

    /** Nobody can say which steps are decided. */
    DECIDING(
        "What the mixer decides cannot be told: %s. Swap the mixer, or mend it and start the server again."),

    /** No step can be issued. */
    ISSUING(
        "No step can be issued: %s. Swap the mixer, or mend it and start the server again, and pull again."),

    /** No step can be closed, nor an attempt opened. */
    CLOSING(
        "Feedback cannot be taken in: %s. Mend the mixer and start the server again; or open an attempt from the open step and swap the mixer now.");

    private final String sentence;

    Kind(String sentence) {
      this.sentence = sentence;
    }
  }

  static Standstill of(Kind kind, Throwable cause, long nowMillis) {
    boolean isRefusal = cause instanceof Refusal;
    String reason =
        cause instanceof Refusal refusal ? refusal.type().slug() : cause.getClass().getSimpleName();
    String why = isRefusal ? String.valueOf(cause.getMessage()) : cause.toString();
    return new Standstill(reason, kind.sentence.formatted(why), nowMillis, cause);
  }
}
