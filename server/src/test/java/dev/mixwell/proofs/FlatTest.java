package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 13: a server that has answered twice as much holds no more. Pulls, posts, answers cut
 * off, refusals and scrapes; measured in the middle and at the end.
 */
class FlatTest {
  private static final int PULLS_PER_STEP = 2;
  private static final long MAX_HEAP_GROWTH_BYTES = 1 << 20;
  private static final long MAX_DIRECT_GROWTH_BYTES = 1 << 20;

  /** Connections of the client's own pool and the carriers of virtual threads come and go. */
  private static final long MAX_CHANGE = 16;

  /** Of one class: what a run keeps of its last steps breathes a little. */
  private static final long MAX_MORE_OBJECTS = 300;

  private static final List<String> JVM = List.of("-Xmx256m", Footprint.FLAG);

  /**
   * One run that waits for posts, and one that does not and times them. Few, so that each has
   * filled what a run keeps of its last steps before the middle.
   */
  private static final List<String> SPECS =
      List.of(
          spec("\"mixer\": {\"name\": \"odm\"}"),
          spec(
              """
              "mixer": {"name": "static", "parameters": {"weights": {"prose": 2, "code": 1}}},
              "closing": {"policy": "close-after", "afterMillis": 60000}"""));

  private static String spec(String more) {
    return """
        {"seed": 9, %s, "batchRows": 8, "rowTokens": 32, "validationRows": 0, "lookahead": 8, %s}"""
        .formatted(Corpus.GROUPS, more);
  }

  @TempDir Path folder;

  @Test
  void aServerThatHasAnsweredTwiceAsMuchHoldsNoMore() throws Exception {
    Path index = Corpus.small(folder);
    try (var proof = new Proof("flat", 10_000, 1_000_000);
        var server = ServerProcess.start(index, folder.resolve("data"), JVM)) {
      var trainers = new ArrayList<Trainer>();
      for (int i = 0; i < SPECS.size(); i++) {
        server.http().send("PUT", "/v1/runs/r" + i, SPECS.get(i)).expect(201);
        trainers.add(Trainer.launch(server.http(), "r" + i, PULLS_PER_STEP));
      }
      long half = Math.ceilDiv(proof.cases(), 2 * SPECS.size() * PULLS_PER_STEP);
      train(trainers, 0, half);
      var middle = Footprint.of(server.pid());
      train(trainers, half, 2 * half);
      var end = Footprint.of(server.pid());
      System.out.println("flat: " + middle + " after half, " + end + " at the end");
      compare(proof, middle, end);
    }
  }

  private static void compare(Proof proof, Footprint middle, Footprint end) {
    atMost(proof, "heap", end.heapBytes(), middle.heapBytes() + MAX_HEAP_GROWTH_BYTES);
    atMost(proof, "direct", end.directBytes(), middle.directBytes() + MAX_DIRECT_GROWTH_BYTES);
    atMost(proof, "descriptors", end.descriptors(), middle.descriptors() + MAX_CHANGE);
    atMost(proof, "threads", end.threads(), middle.threads() + MAX_CHANGE);
    for (var objects : end.objects().entrySet()) {
      long before = middle.objects().getOrDefault(objects.getKey(), 0L);
      atMost(proof, objects.getKey(), objects.getValue(), before + MAX_MORE_OBJECTS);
    }
  }

  private static void atMost(Proof proof, String what, long found, long limit) {
    proof.check(what, () -> assertTrue(found <= limit, what + " " + found + " over " + limit));
  }

  private static void train(List<Trainer> trainers, long from, long to) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var work = new ArrayList<Callable<Void>>();
      for (Trainer trainer : trainers)
        work.add(
            () -> {
              for (long step = from; step < to; step++) train(trainer, step);
              return null;
            });
      for (Future<Void> done : threads.invokeAll(work)) done.get();
    }
  }

  private static void train(Trainer trainer, long step) throws Exception {
    var http = trainer.http();
    for (int rank = 0; rank < PULLS_PER_STEP; rank++) {
      String format = Trainer.FORMATS.get((int) ((step + rank) % Trainer.FORMATS.size()));
      trainer.pull(step, rank, format).expect(200);
    }
    String feedback = trainer.feedback(step);
    trainer.post(step, feedback).expect(200);
    if (step % 8 != 0) return;
    trainer.post(step, feedback).expect(200);
    http.cut(trainer.batchPath(step, 0), 100, step % 16 == 0);
    http.get(trainer.batchPath(step, PULLS_PER_STEP)).expect(422);
    http.get("/v1/runs/none-" + step).expect(404);
    http.send("POST", trainer.path(step) + "/feedback", "{").expect(400);
    http.get("/observe/metrics").expect(200);
  }
}
