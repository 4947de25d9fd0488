package dev.mixwell.http.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptTest {
  private static final List<String> OFFERED = List.of("application/a", "application/b", "text/c");

  @Test
  void theServersFirstIsTheDefault() {
    assertEquals("application/a", Accept.choose(null, OFFERED));
    assertEquals("application/a", Accept.choose("*/*", OFFERED));
    assertEquals("application/a", Accept.choose("application/b, application/a", OFFERED));
  }

  @Test
  void qualityDecidesAndTheMostSpecificRangeCounts() {
    assertEquals("application/b", Accept.choose("application/a;q=0.5, application/b", OFFERED));
    assertEquals("text/c", Accept.choose("application/*;q=0.1, text/*;q=0.2", OFFERED));
    assertEquals("application/b", Accept.choose("application/a;q=0, */*;q=0.1", OFFERED));
    assertEquals("text/c", Accept.choose("TEXT/C", OFFERED));
  }

  @Test
  void whatExcludesEverythingIsRefused() {
    for (String header :
        List.of("image/png", "*/*;q=0", "application/a;q=x", ";;,", "application/abc")) {
      var e = assertThrows(Refusal.class, () -> Accept.choose(header, OFFERED), header);
      assertEquals(ProblemType.NOT_ACCEPTABLE, e.type());
    }
  }
}
