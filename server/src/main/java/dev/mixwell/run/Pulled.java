package dev.mixwell.run;

import dev.mixwell.base.Refusal;
import dev.mixwell.command.Missing;

/**
 * What a pull finds: the step, or why the issued steps end before it. A failure, such as that of a
 * disk, is none of these: it is thrown. Immutable.
 */
public sealed interface Pulled permits IssuedStep, Pulled.Undecided, Pulled.Ended {
  /** The step waits for feedback, and the pull's own wait is over. */
  record Undecided(Missing missing, Refusal why) implements Pulled {}

  /**
   * As things stand, the step is never issued to who asked: the data is used up, the mixer has
   * another version, a newer attempt has taken over, or the run is finished.
   */
  record Ended(Refusal why) implements Pulled {}

  /**
   * @throws Refusal if it is not the step
   */
  default IssuedStep orRefuse() {
    return switch (this) {
      case IssuedStep step -> step;
      case Undecided undecided -> throw undecided.why;
      case Ended ended -> throw ended.why;
    };
  }
}
