package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 10: of two trainers the newer, of two servers the older; the other one stops. */
class FencingTest {
  private static final int CANNOT_START = 2;

  /** Server processes are slow to start: every so many cases have two of them. */
  private static final int CASES_PER_SERVER = 10;

  private static final int MAX_STEPS = 30;
  private static final int LOOKAHEAD = 4;
  private static final String SPEC =
      """
      {"seed": 9, %s, "batchRows": 8, "rowTokens": 32, "validationRows": 0,
       "mixer": {"name": "odm"}, "lookahead": %d}"""
          .formatted(Corpus.GROUPS, LOOKAHEAD);

  @TempDir static Path folder;
  private static Path index = Path.of("");

  @BeforeAll
  static void corpus() throws Exception {
    index = Corpus.small(folder);
  }

  @Test
  void theNewerTrainerAndTheOlderServerGoOn() throws Exception {
    Path data = folder.resolve("data");
    try (var proof = new Proof("fencing", 20, 200)) {
      ServerProcess server = ServerProcess.start(index, data);
      try {
        for (int seed : proof.seeds()) {
          if (seed % CASES_PER_SERVER == 0) server = replaced(proof, server, data);
          var http = server.http();
          proof.check("trainers " + seed, () -> twoTrainers(http, seed));
        }
      } finally {
        server.close();
      }
    }
  }

  /** A second server is turned away while the first serves, and takes over once that is killed. */
  private static ServerProcess replaced(Proof proof, ServerProcess first, Path data)
      throws Exception {
    proof.check("two servers", () -> secondServerEndsAndNamesTheOwner(first, data));
    first.kill();
    return ServerProcess.start(index, data);
  }

  private static void secondServerEndsAndNamesTheOwner(ServerProcess owner, Path data)
      throws Exception {
    try (var second = ServerProcess.launch(index, data, 0, ServerProcess.QUICK)) {
      var exit = second.awaitExit();
      assertEquals(CANNOT_START, exit.code());
      assertTrue(exit.log().contains("belongs to process " + owner.pid() + " on host"), exit.log());
      owner.http().get("/observe/health/ready").expect(200);
    }
  }

  private static void twoTrainers(Http http, int seed) throws Exception {
    var random = new SplittableRandom(seed);
    String run = "fenced-" + seed;
    http.send("PUT", "/v1/runs/" + run, SPEC).expect(201);
    var old = Trainer.launch(http, run, 2);
    int steps = 1 + random.nextInt(MAX_STEPS);
    for (int step = 0; step < steps; step++) {
      pull(old, step, random).expect(200);
      old.post(step);
    }
    int from = random.nextInt(steps + 1);
    var kept = pull(old, Math.max(0, from - 1), new SplittableRandom(1)).expect(200);
    var newer = Trainer.launch(http, run, from, 4, "");
    assertOldIsFenced(old, from, steps);
    if (from > 0)
      assertEquals(kept.etag(), pull(old, from - 1, new SplittableRandom(1)).expect(200).etag());
    assertEquals(old.attempt(), old.openAgain(2), "a retried launch is the same attempt");
    assertGoesOn(newer, from, random);
    assertOldIsFenced(old, from, steps);
    if (from > 0) pull(newer, from - 1, random).expect(404, "step-of-another-attempt");
  }

  private static Http.Answer pull(Trainer trainer, long step, SplittableRandom random)
      throws Exception {
    int rank = random.nextInt(2);
    return trainer.pull(step, rank, Trainer.FORMATS.get(random.nextInt(Trainer.FORMATS.size())));
  }

  private static void assertOldIsFenced(Trainer old, int from, int steps) throws Exception {
    String empty = "{\"kind\": \"train\", \"groups\": {}}";
    for (int step = from; step < steps + 2 * LOOKAHEAD; step++)
      old.pull(step, 0, Trainer.FORMATS.getFirst()).expect(409, "fenced");
    for (int step = 0; step < steps + 2 * LOOKAHEAD; step++)
      old.post(step, empty).expect(409, "fenced");
  }

  private static void assertGoesOn(Trainer newer, int from, SplittableRandom random)
      throws Exception {
    for (int step = from; step < from + 2 * LOOKAHEAD; step++) {
      pull(newer, step, random).expect(200);
      newer.post(step);
    }
  }

  @Test
  void aPortInUseEndsTheServerWithARemedy() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var server =
            ServerProcess.launch(
                index, folder.resolve("port"), taken.getLocalPort(), ServerProcess.QUICK)) {
      var exit = server.awaitExit();
      assertEquals(CANNOT_START, exit.code(), exit.log());
      assertTrue(exit.log().contains("choose another --port"), exit.log());
    }
    try (var server = ServerProcess.start(index, folder.resolve("port"))) {
      server.http().get("/observe/health/ready").expect(200);
    }
  }
}
