package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** What a server has answered to an attempt's clients, and must stand by. Thread-safe. */
final class Acknowledged {
  /** What a body was pulled with. */
  record Pull(String target, String format, long step) {}

  private final Map<Pull, String> digests = new ConcurrentHashMap<>();
  private final NavigableMap<Long, String> feedback = new ConcurrentSkipListMap<>();
  private final NavigableMap<Long, JsonNode> operations = new ConcurrentSkipListMap<>();

  void pulled(Trainer trainer, long step, int rank, String format, Http.Answer answer) {
    String digest = answer.etag() + " " + answer.sha256();
    String before = digests.put(new Pull(trainer.batchPath(step, rank), format, step), digest);
    if (before != null) assertEquals(before, digest, "step " + step + " changed while it served");
  }

  void posted(long step, String payload) {
    feedback.put(step, payload);
  }

  /**
   * @param operation as it was answered
   */
  void swapped(JsonNode operation) {
    operations.put(operation.path("operation").asLong(), operation);
  }

  /** The step of a checkpoint: all before it were pulled, and posted without a gap. */
  long resumable(long fromStep) {
    long step = fromStep;
    while (feedback.containsKey(step)) step++;
    return step;
  }

  /**
   * Asks for all of it again, by the attempt it was told to, which is the newest.
   *
   * @return how many answers that were
   */
  long check(Trainer trainer) throws Exception {
    checkBodies(trainer.http(), Long.MAX_VALUE);
    checkOperations(trainer.http());
    for (var post : feedback.entrySet()) {
      var again = trainer.post(post.getKey(), post.getValue()).expect(200);
      assertTrue(again.json().path("repeated").asBoolean(), "lost: step " + post.getKey());
      trainer.post(post.getKey(), other(post.getValue())).expect(409, "feedback-conflict");
    }
    return digests.size() + operations.size() + feedback.size();
  }

  /**
   * @param limit how many bodies to ask for at most
   * @return how many there were
   */
  long checkBodies(Http http, long limit) throws Exception {
    var chosen = digests.entrySet().stream().limit(limit).toList();
    for (var body : chosen) {
      Pull pull = body.getKey();
      var again = http.send("GET", pull.target, "", "Accept", pull.format).expect(200);
      assertEquals(body.getValue(), again.etag() + " " + again.sha256(), pull.toString());
    }
    return chosen.size();
  }

  private void checkOperations(Http http) throws Exception {
    JsonNode mixer = http.get("/v1/runs/r/mixer").expect(200).json();
    var recorded = new TreeMap<Long, JsonNode>();
    for (JsonNode o : mixer.path("history")) recorded.put(o.path("operation").asLong(), o);
    for (var swap : operations.entrySet())
      assertEquals(swap.getValue(), recorded.get(swap.getKey()), "an accepted swap is gone");
    for (JsonNode o : mixer.path("bypassed")) recorded.remove(o.path("operation").asLong());
    checkInForce(mixer, recorded.values());
  }

  /** Of the swaps that are due the one with the latest step, and of these the last accepted. */
  private static void checkInForce(JsonNode mixer, Iterable<JsonNode> byOperation) {
    long latest = 0;
    long expected = -1;
    for (JsonNode o : byOperation) {
      long effective = o.path("effectiveStep").asLong();
      if (effective > mixer.path("nextStep").asLong() || effective < latest) continue;
      latest = effective;
      expected = o.path("operation").asLong();
    }
    assertEquals(expected, mixer.path("mixer").path("operation").asLong(), mixer.toString());
  }

  /**
   * After a newer attempt took over from a step: what was pulled from there on is fenced and
   * forgotten here, as are all posts.
   */
  void superseded(Trainer old, long fromStep) throws Exception {
    for (Pull pull : digests.keySet())
      if (pull.step >= fromStep)
        old.http().send("GET", pull.target, "", "Accept", pull.format).expect(409, "fenced");
    digests.keySet().removeIf(pull -> pull.step >= fromStep);
    for (var post : feedback.entrySet())
      old.post(post.getKey(), post.getValue()).expect(409, "fenced");
  }

  private static String other(String payload) {
    return payload.contains("lossSum")
        ? "{\"kind\": \"train\", \"groups\": {}}"
        : payload.replace("{}", "{\"prose\": {\"lossSum\": 1, \"tokens\": 1}}");
  }
}
