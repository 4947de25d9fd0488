package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mixwell.proof.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 4: a server that is killed while ranks pull, a reporter posts and an operator swaps, and
 * killed again while it starts, has lost nothing that it answered. One run lives through all kills:
 * after each its trainer goes on, or starts again from a checkpoint.
 */
class KillTest {
  private static final int RANKS = 2;
  private static final int MAX_LOAD_MILLIS = 500;
  private static final int MAX_START_MILLIS = 1_500;

  /** Bodies of superseded attempts that are asked for again after each kill. */
  private static final int OLD_BODIES = 100;

  private static final String SPEC =
      """
      {"seed": 5, %s, "batchRows": 8, "rowTokens": 32, "validationRows": 0,
       "mixer": {"name": "odm"}, "lookahead": 8}"""
          .formatted(Corpus.GROUPS);

  @TempDir Path folder;

  private final List<Life> superseded = new ArrayList<>();
  private Path index = Path.of("");
  private Path data = Path.of("");
  private @Nullable ServerProcess server;
  private @Nullable Life life;
  private long slowestMillis;
  private long compared;

  @BeforeEach
  void corpus() throws Exception {
    index = Corpus.small(folder);
  }

  @AfterEach
  void stop() {
    if (server != null) server.close();
  }

  @Test
  void whatWasAnsweredOutlivesKillNine() throws Exception {
    try (var proof = new Proof("kill-9", 10, 200)) {
      for (int seed : proof.seeds())
        proof.check("kill " + seed, () -> next(new SplittableRandom(seed)));
    }
    System.out.printf(
        "kill-9: %,d answers held; serving again after at most %,d ms%n", compared, slowestMillis);
  }

  /** An attempt and what its clients were told. */
  private record Life(Trainer trainer, Acknowledged acknowledged) {}

  /** Load, kill, restart, questions; and how the trainer goes on. After a failure all is new. */
  private void next(SplittableRandom random) throws Exception {
    Life life = this.life == null ? born() : this.life;
    this.life = null;
    load(life, random);
    killWhileStarting(random);
    Trainer trainer = restart(life.trainer);
    compared += life.acknowledged.check(trainer);
    for (Life old : superseded)
      compared += old.acknowledged.checkBodies(trainer.http(), OLD_BODIES);
    this.life =
        random.nextBoolean()
            ? new Life(trainer, life.acknowledged)
            : resumed(trainer, life, random);
  }

  private Life born() throws Exception {
    stop();
    superseded.clear();
    data = Files.createTempDirectory(folder, "kills").resolve("data");
    server = ServerProcess.start(index, data);
    server.http().send("PUT", "/v1/runs/r", SPEC).expect(201);
    return new Life(Trainer.launch(server.http(), "r", RANKS), new Acknowledged());
  }

  /** The trainer is launched again, from a checkpoint or from the start. */
  private Life resumed(Trainer trainer, Life life, SplittableRandom random) throws Exception {
    long from = random.nextInt(4) == 0 ? 0 : life.acknowledged.resumable(trainer.fromStep());
    String parent = ", \"parent\": " + trainer.attempt();
    var resumed = Trainer.launch(trainer.http(), "r", from, RANKS, parent);
    superseded.add(life);
    for (Life old : superseded) old.acknowledged.superseded(old.trainer.at(trainer.http()), from);
    return new Life(resumed, new Acknowledged());
  }

  /** Clients at work until the server is killed under them. */
  private void load(Life life, SplittableRandom random) throws Exception {
    long from = life.acknowledged.resumable(life.trainer.fromStep());
    try (var killed = Objects.requireNonNull(server);
        var load = new Load(life.trainer, RANKS, from, life.acknowledged, random.split())) {
      load.awaitFirstBody();
      killed.runFor(random.nextInt(MAX_LOAD_MILLIS));
      killed.kill();
      load.awaitLost();
    }
  }

  private void killWhileStarting(SplittableRandom random) throws Exception {
    if (random.nextInt(3) > 0) return;
    try (var starting = ServerProcess.launch(index, data, 0, ServerProcess.QUICK)) {
      starting.runFor(random.nextInt(MAX_START_MILLIS));
    }
  }

  /** Until the run has served again, timed. */
  private Trainer restart(Trainer before) throws Exception {
    long startNanos = System.nanoTime();
    var started = ServerProcess.start(index, data);
    server = started;
    var trainer = before.at(started.http());
    trainer.pull(trainer.fromStep(), 0, Trainer.FORMATS.getFirst()).expect(200);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    slowestMillis = Math.max(slowestMillis, millis);
    assertEquals(trainer.attempt(), trainer.openAgain(RANKS), "the attempt was forgotten");
    return trainer;
  }
}
