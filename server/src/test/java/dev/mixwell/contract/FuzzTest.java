package dev.mixwell.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Raw requests of every kind: no unexpected 5xx, no hang, and afterwards the same bytes under the
 * same addresses.
 */
class FuzzTest {
  private static final int STEPS = 8;

  /** What a caller can bring about with good requests: a pull that waits for feedback. */
  private static final Set<String> EXPECTED_5XX = Set.of("urn:mixwell:problem:undecided");

  @TempDir Path directory;

  @Test
  void rawRequestsNeverBreakTheServer() throws IOException {
    var quick =
        Map.of(
            "longPoll.defaultMillis",
            "20",
            "longPoll.maxMillis",
            "50",
            "events.maxMillis",
            "20",
            "http.maxBodyBytes",
            "65536");
    try (var fixture = ServerFixture.start(directory, quick);
        var proof = new Proof("fuzz", 10_000, 1_000_000)) {
      fixture.createRun("kept");
      fixture.createRun("demo");
      Map<String, byte[]> before = pulled(fixture, fixture.openAttempt("kept"), "0");
      Map<String, byte[]> shared = pulled(fixture, fixture.openAttempt("demo"), "0");
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> send(fixture.port(), seed));
      before.forEach(
          (target, bytes) ->
              proof.check(target, () -> assertArrayEquals(bytes, get(fixture, target).body())));
      shared.forEach(
          (target, bytes) ->
              proof.check(target, () -> assertSameOrFenced(bytes, get(fixture, target))));
    }
  }

  private static void send(int port, long seed) throws IOException {
    byte[] request = new Mutations(seed).next();
    var answer = RawHttp.raw(port, request);
    if (answer.status() < 500) return;
    String type = Json.tree(answer.body()).path("type").asText();
    assertTrue(
        EXPECTED_5XX.contains(type),
        () ->
            answer.status()
                + " "
                + answer.text()
                + " to "
                + new String(request, StandardCharsets.ISO_8859_1));
  }

  private static Map<String, byte[]> pulled(ServerFixture fixture, String attempt, String rank)
      throws IOException {
    var bodies = new LinkedHashMap<String, byte[]>();
    for (int step = 0; step < STEPS; step++) {
      String target = attempt + "/steps/" + step + "/batch?rank=" + rank;
      var answer = get(fixture, target);
      if (answer.status() == 200) bodies.put(target, answer.body());
    }
    if (bodies.isEmpty()) throw new IllegalStateException("no step of " + attempt + " is served");
    return bodies;
  }

  private static void assertSameOrFenced(byte[] bytes, RawHttp.Answer answer) {
    if (answer.status() == 200) assertArrayEquals(bytes, answer.body());
    else
      assertEquals(
          "urn:mixwell:problem:fenced",
          Json.tree(answer.body()).path("type").asText(),
          answer.text());
  }

  private static RawHttp.Answer get(ServerFixture fixture, String target) throws IOException {
    return RawHttp.exchange(fixture.port(), "GET", target, Map.of(), "");
  }
}
