package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import dev.mixwell.config.ConfigReader;
import dev.mixwell.http.HttpServer;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import dev.mixwell.metrics.Meters;
import dev.mixwell.run.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever watches a run neither waits for its writer nor holds it up. */
final class ObserveTest {
  @Test
  void aScrapeAndTheGroupsAnswerWhileTheWriterDoesNot(@TempDir Path directory) throws Exception {
    try (var server = ServerFixture.start(directory)) {
      server.createRun("demo");
      String attempt = server.openAttempt("demo");
      get(server.port(), attempt + "/steps/0/batch?rank=0");
      var busy = new CountDownLatch(1);
      var free = new CountDownLatch(1);
      Thread blocking = Thread.ofVirtual().start(() -> block(server.run("demo"), busy, free));
      busy.await();
      try {
        String metrics = get(server.port(), "/observe/metrics").text();
        assertTrue(metrics.contains("mixwell_attempt{run=\"demo\"} 0.0"), metrics);
        assertTrue(metrics.contains("mixwell_mixer_operation{run=\"demo\"} -1.0"), metrics);
        assertTrue(metrics.contains("mixwell_group_delivered_rows{"), metrics);
        var groups = Json.tree(get(server.port(), "/v1/groups").body());
        assertEquals(2, groups.path("runs").path(0).path("epochs").size());
      } finally {
        free.countDown();
        blocking.join();
      }
    }
  }

  /** Keeps the writer's thread in a query. */
  private static void block(Run run, CountDownLatch busy, CountDownLatch free) {
    run.ask(
        folded -> {
          busy.countDown();
          try {
            free.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return folded.upTo();
        });
  }

  @Test
  void runsThatStandStillAreNamedAndTheOthersAreServed() throws IOException {
    var config = ConfigReader.read(null, Map.of(), Map.of("http.port", "0"));
    try (var meters = new Meters()) {
      var routes = MadeRoutes.of(config, meters, Map.of("demo", "its mixer fails"), List.of());
      try (var server = HttpServer.start(config.http(), routes, meters)) {
        for (String probe : new String[] {"live", "ready", "started"}) {
          var health = Json.tree(get(server.port(), "/observe/health/" + probe).body());
          assertEquals("UP", health.path("status").asText());
          assertEquals("its mixer fails", health.path("standing").path("demo").asText());
        }
      }
    }
  }

  private static RawHttp.Answer get(int port, String path) throws IOException {
    RawHttp.Answer answer = RawHttp.exchange(port, "GET", path, Map.of(), "");
    assertEquals(200, answer.status(), answer.text());
    return answer;
  }
}
