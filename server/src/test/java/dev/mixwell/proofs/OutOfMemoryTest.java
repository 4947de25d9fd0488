package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A heap too small for what is posted: the server serves or ends, and loses nothing it had
 * acknowledged.
 */
class OutOfMemoryTest {
  private static final int OUT_OF_MEMORY_EXIT = 3;
  private static final int POSTED_STEPS = 3;
  private static final int ROUNDS = 6;
  private static final int POSTS_AT_ONCE = 6;
  private static final int GROUPS = 250_000;
  private static final String SPEC =
      """
      {"seed": 9, %s, "batchRows": 8, "rowTokens": 32, "validationRows": 0,
       "mixer": {"name": "odm"}, "lookahead": 8}"""
          .formatted(Corpus.GROUPS);

  @TempDir Path folder;

  @Test
  void aServerOutOfMemoryServesOrEndsAndKeepsWhatItAcknowledged() throws Exception {
    Path index = Corpus.small(folder);
    Path data = folder.resolve("data");
    Trainer trainer;
    String etag;
    try (var server = ServerProcess.start(index, data, ServerProcess.quick("-Xmx48m"))) {
      server.http().send("PUT", "/v1/runs/r", SPEC).expect(201);
      trainer = Trainer.launch(server.http(), "r", 1);
      etag = trainer.pull(0, 0, "*/*").expect(200).etag();
      for (int step = 0; step < POSTED_STEPS; step++) trainer.post(step);
      if (!serves(trainer)) {
        var exit = server.awaitExit();
        assertEquals(OUT_OF_MEMORY_EXIT, exit.code(), exit.log());
      }
    }
    try (var again = ServerProcess.start(index, data)) {
      var after = trainer.at(again.http());
      assertEquals(etag, after.pull(0, 0, "*/*").expect(200).etag());
      for (int step = 0; step < POSTED_STEPS; step++) {
        var repeated = after.post(step, after.feedback(step)).expect(200).json();
        assertTrue(repeated.path("repeated").asBoolean(), "lost: step " + step);
      }
      after.post(POSTED_STEPS);
    }
  }

  /** Whether the server takes its trainer's pulls and posts after all that was posted beside. */
  private static boolean serves(Trainer trainer) throws Exception {
    String hostile = hostile();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < ROUNDS; round++) {
        Callable<Http.Answer> post = () -> trainer.post(POSTED_STEPS, hostile);
        for (Future<Http.Answer> answer :
            threads.invokeAll(Stream.generate(() -> post).limit(POSTS_AT_ONCE).toList())) {
          int status = answer.get().status();
          assertTrue(status >= 400 && status < 500, "status " + status);
        }
        trainer.pull(POSTED_STEPS, 0, "*/*").expect(200);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException) return false; // awaitExit tells whether it has ended
      throw e;
    } catch (IOException unanswered) {
      return false;
    }
    return true;
  }

  /** Losses of groups that there are not. */
  private static String hostile() {
    var groups = new StringBuilder();
    for (int group = 0; group < GROUPS; group++)
      groups
          .append(group == 0 ? "" : ",")
          .append("\"g%d\":{\"lossSum\":1,\"tokens\":1}".formatted(group));
    return "{\"kind\": \"train\", \"groups\": {" + groups + "}}";
  }
}
