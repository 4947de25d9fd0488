package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.BatchHeaders;
import dev.mixwell.proof.Proof;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 2: ranks whose connections break in mid-body ask again and get what they would have got.
 * The twin without faults is one rank that pulls whole batches.
 */
class IdempotentPullsTest {
  private static final int RANKS = 8;
  private static final int BATCH_ROWS = 48;

  /** Long enough that a share does not fit a small receive buffer. */
  private static final int ROW_TOKENS = 2_048;

  private static final String SPEC =
      """
      {"seed": 3, %s, "batchRows": %d, "rowTokens": %d, "validationRows": 0,
       "mixer": {"name": "static", "parameters": {"weights": {"prose": 2, "code": 1}}}}"""
          .formatted(Corpus.GROUPS, BATCH_ROWS, ROW_TOKENS);

  @TempDir Path folder;

  /** A row by its place; each is served once. */
  private record Row(String group, long epoch, long ordinal) {}

  @Test
  void cutAndRepeatedPullsGiveWhatAFaultlessRunGives() throws Exception {
    Path index = Corpus.write(folder, 300, 300, 2_000);
    var cuts = new AtomicLong();
    var seen = new HashSet<Row>();
    try (var proof = new Proof("idempotent-pulls", 500, 10_000);
        var server = ServerProcess.start(index, folder.resolve("data"), List.of());
        var ranks = Executors.newVirtualThreadPerTaskExecutor()) {
      var http = server.http();
      for (String run : List.of("cut", "whole")) http.send("PUT", "/v1/runs/" + run, SPEC);
      var cut = Trainer.launch(http, "cut", RANKS);
      var whole = Trainer.launch(http, "whole", 1);
      for (int step : proof.seeds())
        proof.check(
            "step " + step,
            () -> {
              byte[] expected = whole.pull(step, 0, BatchHeaders.OCTET_STREAM).expect(200).body();
              assertArrayEquals(expected, union(cut, step, ranks, cuts));
              disjoint(cut, step, seen);
            });
      System.out.println("idempotent-pulls: " + cuts.get() + " answers cut off");
      proof.together(
          500, "answers were cut off", () -> assertTrue(cuts.get() > 0, "no answer was cut off"));
    }
  }

  private static byte[] union(Trainer trainer, long step, ExecutorService ranks, AtomicLong cuts)
      throws Exception {
    var pulls = new ArrayList<Callable<byte[]>>();
    for (int r = 0; r < RANKS; r++) {
      int rank = r;
      pulls.add(() -> pullUntilWhole(trainer, step, rank, cuts));
    }
    var union = new ByteArrayOutputStream();
    for (Future<byte[]> share : ranks.invokeAll(pulls)) union.write(share.get());
    return union.toByteArray();
  }

  /** One answer in ten is cut off; the next may be, too. */
  private static byte[] pullUntilWhole(Trainer trainer, long step, int rank, AtomicLong cuts)
      throws Exception {
    var random = new SplittableRandom(step * RANKS + rank);
    int bodyBytes = BATCH_ROWS / RANKS * (ROW_TOKENS + 1) * Short.BYTES;
    while (random.nextInt(10) == 0) {
      trainer
          .http()
          .cut(trainer.batchPath(step, rank), random.nextInt(bodyBytes), random.nextBoolean());
      cuts.incrementAndGet();
    }
    return trainer.pull(step, rank, BatchHeaders.OCTET_STREAM).expect(200).body();
  }

  private static void disjoint(Trainer trainer, long step, Set<Row> seen) throws Exception {
    JsonNode rows =
        trainer.http().get(trainer.path(step) + "/provenance").expect(200).json().path("rows");
    assertEquals(BATCH_ROWS, rows.size());
    for (JsonNode row : rows) {
      var place =
          new Row(
              row.path("group").asText(), row.path("epoch").asLong(), row.path("ordinal").asLong());
      assertTrue(seen.add(place), "served twice: " + place);
    }
  }
}
