package dev.mixwell.api;

import dev.mixwell.base.Nearest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an event of a run's stream tells of: the {@code event} field of a server-sent event.
 * Append-only. The name on the wire is the constant's in lower case with hyphens.
 */
public enum EventType {
  RUN_CREATED,
  ATTEMPT_OPENED,
  ISSUED,
  FEEDBACK,
  STEP_CLOSED,
  BOUNDARY_CLOSED,
  MIXER_INSTALLED,
  OVERRIDE_SET,
  OVERRIDE_CLEARED,
  ROWS_SKIPPED,
  OPERATION_CANCELLED,
  RUN_FINISHED;

  private final String slug = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The short name, such as {@code step-closed}. */
  public String slug() {
    return slug;
  }

  /** The type with this short name; null if there is none. */
  public static @Nullable EventType bySlug(String slug) {
    for (EventType type : values()) if (type.slug.equals(slug)) return type;
    return null;
  }

  /** What is sent unless somebody asks otherwise: all but the trainer's own traffic. */
  public static Set<EventType> usual() {
    return EnumSet.complementOf(EnumSet.of(ISSUED, FEEDBACK));
  }

  /**
   * Reads names separated by commas.
   *
   * @throws Refusal {@code malformed-request}, naming the nearest one
   */
  public static Set<EventType> of(String names) {
    var types = EnumSet.noneOf(EventType.class);
    for (String name : names.split(",", -1)) types.add(named(name.strip()));
    return types;
  }

  private static EventType named(String name) {
    EventType type = bySlug(name);
    if (type != null) return type;
    List<String> known = List.of(values()).stream().map(EventType::slug).toList();
    throw new Refusal(
        ProblemType.MALFORMED_REQUEST,
        "`types` names `%s`, which is no event; did you mean `%s`? There are: %s."
            .formatted(name, Nearest.of(name, known), String.join(", ", known)));
  }
}
