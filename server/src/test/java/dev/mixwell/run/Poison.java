package dev.mixwell.run;

import dev.mixwell.command.Command;
import dev.mixwell.timeline.Event;

/** A command whose mixer fails once it has appended something: nothing of that may be recorded. */
final class Poison {
  static final Command<Boolean> COMMAND =
      (fold, nowMillis) -> {
        fold.append(new Event.RunFinished("poison", "by mistake"), nowMillis);
        throw new LinkageError("the simulated mixer fails");
      };

  private Poison() {}

  static boolean isOf(Event event) {
    return event instanceof Event.RunFinished finished && finished.who().equals("poison");
  }
}
