package dev.mixwell.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProblemTypeTest {
  /** A proxy in between knows the status alone. */
  @Test
  void aRetryHelpsWhereTheStatusSaysSo() {
    for (ProblemType type : ProblemType.values())
      if (type.isSent())
        assertEquals(ProblemType.retryHelps(type.status()), type.retryHelps(), type.slug());
  }

  @Test
  void whatOnlyCommandsMeetIsNeverSent() {
    Set<ProblemType> notSent =
        EnumSet.allOf(ProblemType.class).stream()
            .filter(type -> !type.isSent())
            .collect(Collectors.toSet());
    assertEquals(Set.of(ProblemType.BAD_INPUT, ProblemType.DATA_DIRECTORY_IN_USE), notSent);
    for (ProblemType type : notSent) assertFalse(type.retryHelps());
  }

  @Test
  void aUriFindsItsType() {
    for (ProblemType type : ProblemType.values()) assertSame(type, ProblemType.of(type.uri()));
    assertNull(ProblemType.of("about:blank"));
  }
}
