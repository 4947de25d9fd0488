package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTimingTest {
  private static final String DURATION = ";dur=\\d+\\.\\d{3}";

  @TempDir Path folder;

  @Test
  void everyBatchSaysWhereItsTimeWent() throws IOException {
    try (var server = ServerFixture.start(folder)) {
      server.createRun("r");
      String attempt = server.openAttempt("r");
      String first = timing(server, attempt + "/steps/0/batch?rank=0");
      String made = "plan" + DURATION + ", queue" + DURATION + ", pack" + DURATION;
      assertTrue(first.matches(made), first);
      String second = timing(server, attempt + "/steps/1/batch?rank=0");
      String wrote = "(;desc=ahead)?, write" + DURATION + ";desc=previous";
      assertTrue(second.matches(made + wrote), second);
    }
  }

  @Test
  void soManyReadersAreRememberedThoseThatWereSentSomethingLast() {
    var timing = new ServerTiming();
    var first = new ServerTiming.Reader("run", 0, 0);
    timing.wrote(first, 7);
    for (int attempt = 1; attempt <= ServerTiming.MAX_READERS; attempt++) {
      assertEquals(7, timing.lastWrite(first), "it was asked for again and again");
      timing.wrote(new ServerTiming.Reader("run", attempt, 0), 1);
    }
    assertNull(timing.lastWrite(new ServerTiming.Reader("run", 1, 0)));
    assertEquals(7, timing.lastWrite(first));
  }

  private static String timing(ServerFixture server, String target) throws IOException {
    var answer = RawHttp.exchange(server.port(), "GET", target, Map.of(), "");
    assertEquals(200, answer.status());
    return answer.header("server-timing");
  }
}
