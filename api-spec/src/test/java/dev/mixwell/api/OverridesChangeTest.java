package dev.mixwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverridesChangeTest {
  /** Sums of shares round: in hash order one request would be refused by one JVM in some. */
  @Test
  void groupsComeInOneOrderOnEveryMachine() {
    var pins = new LinkedHashMap<String, Double>();
    var clamps = new LinkedHashMap<String, OverridesChange.Clamp>();
    for (String group : List.of("web", "code", "books", "maths", "talk", "wiki")) {
      pins.put(group, 0.1);
      clamps.put(group, new OverridesChange.Clamp(0.1, 0.2));
    }
    var change = new OverridesChange(pins, clamps, null, "somebody", "a reason");
    var sorted = List.of("books", "code", "maths", "talk", "web", "wiki");
    assertEquals(sorted, List.copyOf(change.pins().keySet()));
    assertEquals(sorted, List.copyOf(change.clamps().keySet()));
  }
}
