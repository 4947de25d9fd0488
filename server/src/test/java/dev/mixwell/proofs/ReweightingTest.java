package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mixture that changes in mid-run loses no row and repeats none, by the provenance that the
 * server answers; and what happens when rows run out is the run's policy.
 */
class ReweightingTest {
  private static final int BATCH_ROWS = 8;
  private static final int EPOCHS = 4;
  private static final List<String> GROUPS = List.of("prose", "code");

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Http http;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start(Corpus.write(folder, 25, 15, 100), folder.resolve("data"));
    http = server.http();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A group's rows as they are served, those of a step in the order of epochs. */
  private static final class Stream {
    private final List<Long> ordinals = new ArrayList<>();

    void add(JsonNode row, long rows) {
      assertEquals(ordinals.size() / rows, row.path("epoch").asLong(), "an epoch ended early");
      ordinals.add(row.path("ordinal").asLong());
    }

    void assertEveryEpochIsWhole(long rows) {
      List<Long> all = LongStream.range(0, rows).boxed().toList();
      for (int at = 0; at + rows <= ordinals.size(); at += (int) rows)
        assertEquals(all, ordinals.subList(at, at + (int) rows).stream().sorted().toList());
      List<Long> rest = ordinals.subList((int) (ordinals.size() / rows * rows), ordinals.size());
      assertEquals(rest.size(), rest.stream().distinct().count(), "a row came twice");
    }
  }

  @Test
  void noRowOfAnEpochIsLostOrRepeatedWhenTheMixtureChanges() throws Exception {
    Map<String, Long> rows = create("change", "\"exhausted\": {\"policy\": \"repeat\"}");
    var trainer = Trainer.launch(http, "change", 1);
    long steps = EPOCHS * 2 * (rows.get("prose") + rows.get("code")) / BATCH_ROWS;
    long half = steps / 2;
    var streams = new TreeMap<String, Stream>();
    var counts = new TreeMap<String, Long>();
    long effective = -1;
    for (long step = 0; step < steps; step++) {
      if (step == half) effective = reweigh("change", 2, 1);
      for (JsonNode row : provenance(trainer, step)) {
        String group = row.path("group").asText();
        streams.computeIfAbsent(group, g -> new Stream()).add(row, rows.get(group));
        if (step >= half && step >= effective) counts.merge(group, 1L, Long::sum);
      }
    }
    for (String group : GROUPS) {
      var stream = streams.get(group);
      assertTrue(stream.ordinals.size() >= EPOCHS * rows.get(group), "too few epochs");
      stream.assertEveryEpochIsWhole(rows.get(group));
    }
    assertTrue(effective > half && effective < steps, "effective at " + effective);
    double served = (steps - effective) * (double) BATCH_ROWS;
    assertEquals(2 / 3.0 * served, counts.get("prose"), 2, "prose has two thirds from there on");
  }

  @Test
  void afterItsEpochsAGroupIsMaskedAndThenTheRunIsUsedUp() throws Exception {
    Map<String, Long> rows =
        create("epochs", "\"exhausted\": {\"policy\": \"max-epochs\", \"epochs\": 2}");
    Map<String, Long> served = serveAll("epochs");
    for (String group : GROUPS) {
      long all = 2 * rows.get(group);
      assertTrue(served.get(group) <= all, group);
      // A step needs all its rows: less than a step's may be left over, of the last group.
      assertTrue(served.get(group) > all - BATCH_ROWS, group + " " + served + " of " + rows);
    }
  }

  @Test
  void underStopTheRunEndsWithItsFirstGroup() throws Exception {
    Map<String, Long> rows = create("stop", "\"exhausted\": {\"policy\": \"stop\"}");
    Map<String, Long> served = serveAll("stop");
    assertTrue(rows.get("code") < rows.get("prose"));
    assertTrue(served.get("code") <= rows.get("code"));
    assertTrue(served.get("code") > rows.get("code") - BATCH_ROWS, served + " of " + rows);
  }

  @Test
  void underRepeatNothingEnds() throws Exception {
    Map<String, Long> rows = create("repeat", "\"exhausted\": {\"policy\": \"repeat\"}");
    var trainer = Trainer.launch(http, "repeat", 1);
    long steps = 6 * rows.get("code") / BATCH_ROWS;
    for (long step = 0; step < steps; step++) provenance(trainer, step);
  }

  /** Pulls until nothing is left, and answers the rows of each group. */
  private static Map<String, Long> serveAll(String run) throws Exception {
    var trainer = Trainer.launch(http, run, 1);
    var served = new TreeMap<String, Long>();
    long step = 0;
    for (; pull(trainer, step).status() == 200; step++)
      for (JsonNode row : provenance(trainer, step))
        served.merge(row.path("group").asText(), 1L, Long::sum);
    var end = pull(trainer, step).expect(410, "data-exhausted");
    assertEquals(step, end.json().path("step").asLong());
    pull(trainer, step - 1).expect(200);
    return served;
  }

  private static Http.Answer pull(Trainer trainer, long step) throws Exception {
    return trainer.pull(step, 0, Trainer.FORMATS.getFirst());
  }

  private static List<JsonNode> provenance(Trainer trainer, long step) throws Exception {
    pull(trainer, step).expect(200);
    var rows = new ArrayList<JsonNode>();
    http.get(trainer.path(step) + "/provenance").expect(200).json().path("rows").forEach(rows::add);
    // A step's units are shuffled: rows of two epochs may stand in any order there.
    rows.sort(Comparator.comparingLong(row -> row.path("epoch").asLong()));
    return rows;
  }

  /** Rows of an epoch, by group. */
  private static Map<String, Long> create(String run, String policy) throws Exception {
    String spec =
        """
        {"seed": 1, %s, "batchRows": %d, "rowTokens": 32, "validationRows": 0, %s,
         "mixer": {"name": "static", "parameters": {"weights": {"prose": 1, "code": 1}}}}"""
            .formatted(Corpus.GROUPS, BATCH_ROWS, policy);
    var rows = new TreeMap<String, Long>();
    for (JsonNode g : http.send("PUT", "/v1/runs/" + run, spec).expect(201).json().path("groups"))
      rows.put(g.path("name").asText(), g.path("rows").asLong());
    return rows;
  }

  /** The step from which the new weights act. */
  private static long reweigh(String run, int prose, int code) throws Exception {
    String mixer = "/v1/runs/" + run + "/mixer";
    String change =
        """
        {"mixer": {"name": "static", "parameters": {"weights": {"prose": %d, "code": %d}}},
         "effective": "now", "who": "proof", "why": "more prose"}"""
            .formatted(prose, code);
    http.send("PUT", mixer, change).expect(428, "precondition-required");
    String tag = http.get(mixer).expect(200).etag();
    var accepted = http.send("PUT", mixer, change, "If-Match", tag).expect(200);
    http.send("PUT", mixer, change, "If-Match", tag).expect(412, "precondition-failed");
    return accepted.json().path("effectiveStep").asLong();
  }
}
