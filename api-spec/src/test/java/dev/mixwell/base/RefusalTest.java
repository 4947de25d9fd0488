package dev.mixwell.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusalTest {
  @Test
  void aRefusalThatAnswersManyRequestsStaysAsItIs() {
    Refusal kept = new Refusal(ProblemType.INVALID_QUERY, "why").with("line", 1);
    Refusal thrown = kept.with("group", "a").with("at", 2);
    assertEquals(Map.of("line", 1), kept.facts());
    assertEquals(List.of("line", "group", "at"), List.copyOf(thrown.facts().keySet()));
    assertEquals("why", thrown.detail());
    assertEquals(ProblemType.INVALID_QUERY, thrown.type());
    assertThrows(UnsupportedOperationException.class, () -> kept.facts().put("x", 1));
  }
}
