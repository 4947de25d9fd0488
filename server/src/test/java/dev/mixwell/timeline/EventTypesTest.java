package dev.mixwell.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.mixwell.api.EventType;
import dev.mixwell.base.Json;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventTypesTest {
  private static Stream<Class<?>> records(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(part -> part.isSealed() ? records(part) : Stream.of(part));
  }

  /** By {@link Events}, which has one of every type. */
  private static Map<EventType, Class<?>> recordByType() {
    var found = new EnumMap<EventType, Class<?>>(EventType.class);
    for (Event event : Events.ofEveryType()) found.put(event.type(), event.getClass());
    return found;
  }

  @Test
  void everyTypeIsOneRecordsAndTheOtherWayRound() {
    assertEquals(
        List.of(EventType.values()),
        List.copyOf(recordByType().keySet()),
        "types with an example in timeline/Events.java");
    assertEquals(
        records(Event.class).sorted((a, b) -> a.getName().compareTo(b.getName())).toList(),
        recordByType().values().stream()
            .sorted((a, b) -> a.getName().compareTo(b.getName()))
            .toList(),
        "records of timeline/Event.java");
  }

  @Test
  void anEventIsRecordedUnderTheNameOfItsType() {
    var recorded = new HashMap<Class<?>, String>();
    var names = Objects.requireNonNull(Event.class.getAnnotation(JsonSubTypes.class));
    for (JsonSubTypes.Type name : names.value()) recorded.put(name.value(), name.name());
    recordByType()
        .forEach(
            (type, record) ->
                assertEquals(type.slug(), recorded.get(record), "@JsonSubTypes of Event"));
    for (Event event : Events.ofEveryType()) {
      assertEquals(event.type().slug(), Json.toTree(event).path("type").asText());
      assertEquals(event.type().slug(), EventRow.of(new Entry(0, 0, event)).type());
    }
  }

  @Test
  void aRowKnowsWhetherItsEventIsControl() {
    for (Event event : Events.ofEveryType())
      assertEquals(event.isControl(), EventRow.of(new Entry(0, 0, event)).isControl());
  }
}
