package dev.mixwell.run;

import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Folded;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a run from going on, from the failure that showed it until the run gets beyond it.
 * Noted by the run's writer; any thread may ask.
 */
final class Obstacles {
  /**
   * @param at how far the run had come
   */
  private record Noted(Standstill standstill, List<Long> at) {}

  /** Immutable, the gravest first. */
  private volatile Map<Standstill.Kind, Noted> noted = Map.of();

  /** Why the run does not go on; null while it does. */
  @Nullable Standstill standstill() {
    for (Noted first : noted.values()) return first.standstill;
    return null;
  }

  /**
   * Notes a failure, unless one of its kind stands already.
   *
   * @param run as it is without what failed; null if it cannot be read
   */
  void note(Standstill.Kind kind, Throwable cause, @Nullable Folded run, long nowMillis) {
    if (noted.containsKey(kind)) return;
    var more = new TreeMap<>(noted);
    List<Long> at = run == null ? List.of() : progress(kind, run);
    more.put(kind, new Noted(Standstill.of(kind, cause, nowMillis), at));
    noted = more;
  }

  /** What was of that kind is over. */
  void over(Standstill.Kind kind) {
    if (!noted.containsKey(kind)) return;
    var fewer = new TreeMap<>(noted);
    fewer.remove(kind);
    noted = fewer;
  }

  /**
   * The writer calls this when the run has changed: it may have got beyond what stood in its way.
   */
  void changed(Folded run) {
    for (Standstill.Kind kind : List.of(Standstill.Kind.ISSUING, Standstill.Kind.CLOSING)) {
      Noted known = noted.get(kind);
      if (known != null && (run.isFinished() || !known.at.equals(progress(kind, run)))) over(kind);
    }
  }

  private static List<Long> progress(Standstill.Kind kind, Folded run) {
    if (run.attempts().isEmpty()) return List.of();
    Attempt newest = run.attempts().newest();
    long number = newest.number();
    return switch (kind) {
      case OPENING, STORING, HELD, DECIDING -> List.of();
      case ISSUING -> List.of(number, newest.upTo());
      case CLOSING -> List.of(number, newest.nextClose(), newest.nextBoundary());
    };
  }
}
