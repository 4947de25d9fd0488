package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixwell.proof.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 9 with a real disk: a file system in memory is filled up under a posting trainer. What is
 * acknowledged then is kept, the rest is refused as {@code storage-failed} until there is space.
 */
class DiskFullTest {
  private static final int DISK_KIBIBYTES = 8 << 10;
  private static final int MAX_FREE_DOUBLINGS = 13;
  private static final int MAX_RUN_KIBIBYTES = 120;
  private static final int MAX_STEPS = 5_000;
  private static final String SPEC =
      """
      {"seed": 9, %s, "batchRows": 8, "rowTokens": 32, "validationRows": 0,
       "mixer": {"name": "odm"}, "lookahead": 8}"""
          .formatted(Corpus.GROUPS);

  @TempDir Path folder;
  private Path disk = Path.of("");

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    String size = "size=" + DISK_KIBIBYTES + "k";
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk.toString()) == 0,
        "a file system in memory may not be mounted here: this takes root");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  @Test
  void aFullDiskAcknowledgesNothingFalselyAndHeals() throws Exception {
    try (var proof = new Proof("disk-full", 3, 30)) {
      Path index = Corpus.small(folder);
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> filled(index, disk, new SplittableRandom(seed)));
    }
  }

  @Test
  void aRunThatFoundNoSpaceIsCreatedOnceThereIsSome() throws Exception {
    String packed = SPEC.replaceFirst("\\{", "{\"packing\": \"best-fit\", ");
    try (var server = ServerProcess.start(Corpus.small(folder), disk.resolve("data"))) {
      for (int free = 0; free < MAX_RUN_KIBIBYTES; free += 4) {
        createWithLittleSpace(server, "free-" + free, SPEC, free);
        createWithLittleSpace(server, "packed-free-" + free, packed, free);
      }
    }
  }

  private void createWithLittleSpace(ServerProcess server, String run, String spec, int free)
      throws Exception {
    fill(disk, free);
    var answer = server.http().send("PUT", "/v1/runs/" + run, spec);
    if (answer.status() != 201) answer.expect(503, "storage-failed");
    Files.delete(disk.resolve("ballast"));
    var again = server.http().send("PUT", "/v1/runs/" + run, spec);
    if (again.status() != 201) again.expect(200);
    Trainer.launch(server.http(), run, 2).pull(0, 0, "*/*").expect(200);
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Fills up, stays full, heals, is killed, and is full again when it starts. */
  private static void filled(Path index, Path disk, SplittableRandom random) throws Exception {
    var acknowledged = new TreeMap<Long, String>();
    String etag;
    run("rm", "-rf", disk.resolve("data").toString(), disk.resolve("ballast").toString());
    Path data = Files.createDirectory(disk.resolve("data"));
    try (var server = ServerProcess.start(index, data)) {
      server.http().send("PUT", "/v1/runs/r", SPEC).expect(201);
      var trainer = Trainer.launch(server.http(), "r", 2);
      etag = trainer.pull(0, 0, Trainer.FORMATS.getFirst()).expect(200).etag();
      long refused = postUntilFull(trainer, 0, disk, random, acknowledged);
      long waiting = askAgain(trainer, refused, etag, acknowledged);
      Files.delete(disk.resolve("ballast"));
      long next = postSome(trainer, waiting, acknowledged);
      postUntilFull(trainer, next, disk, random, acknowledged);
    }
    try (var again = ServerProcess.launch(index, data, 0, ServerProcess.QUICK)) {
      again.runFor(random.nextInt(2_000)); // full: whatever it can do, it does no harm
    } catch (IllegalStateException endedByItself) {
      assertTrue(Files.readString(disk.resolve("data.log")).contains("mixwell serve: "));
    }
    Files.delete(disk.resolve("ballast"));
    assertNothingIsLost(index, data, acknowledged, etag);
  }

  /** The step of the first post that was refused. */
  private static long postUntilFull(
      Trainer trainer,
      long from,
      Path disk,
      SplittableRandom random,
      NavigableMap<Long, String> acknowledged)
      throws Exception {
    fill(disk, random.nextInt(1 << random.nextInt(MAX_FREE_DOUBLINGS)));
    for (long step = from; step < MAX_STEPS; step++)
      if (!take(trainer, step, acknowledged)) return step;
    throw new AssertionError("the disk never filled up");
  }

  /** Leaves so much of the disk free. */
  private static void fill(Path disk, int freeKibibytes) throws Exception {
    long free = Files.getFileStore(disk).getUsableSpace() - ((long) freeKibibytes << 10);
    Files.write(disk.resolve("ballast"), new byte[(int) Math.max(0, free)]);
  }

  /**
   * What is issued is still served; feedback is refused, or taken by what space the refused writes
   * left.
   */
  private static long askAgain(
      Trainer trainer, long refused, String etag, NavigableMap<Long, String> acknowledged)
      throws Exception {
    long next = refused;
    for (int again = 0; again < 5; again++) {
      assertEquals(etag, trainer.pull(0, 0, Trainer.FORMATS.getFirst()).expect(200).etag());
      if (take(trainer, next, acknowledged)) next++;
    }
    return next;
  }

  /** Pulls and reports a step. False if the disk is too full. */
  private static boolean take(Trainer trainer, long step, NavigableMap<Long, String> acknowledged)
      throws Exception {
    if (isRefused(trainer.pull(step, 0, Trainer.FORMATS.getFirst()))) return false;
    var plan = trainer.http().get(trainer.path(step) + "/plan");
    if (isRefused(plan)) return false; // it waited behind a write that failed
    String feedback = Trainer.feedback(plan.json().path("rows"), step);
    if (isRefused(trainer.post(step, feedback))) return false;
    acknowledged.put(step, feedback);
    return true;
  }

  private static boolean isRefused(Http.Answer answer) {
    if (answer.status() != 200) answer.expect(503, "storage-failed");
    return answer.status() != 200;
  }

  /** The server that was refused space goes on by itself. */
  private static long postSome(Trainer trainer, long from, NavigableMap<Long, String> acknowledged)
      throws Exception {
    long step = from;
    for (; step < from + 20; step++) {
      trainer.pull(step, 0, Trainer.FORMATS.getFirst()).expect(200);
      String feedback = trainer.feedback(step);
      trainer.post(step, feedback).expect(200);
      acknowledged.put(step, feedback);
    }
    return step;
  }

  private static void assertNothingIsLost(
      Path index, Path data, NavigableMap<Long, String> acknowledged, String etag)
      throws Exception {
    try (var server = ServerProcess.start(index, data)) {
      var trainer = new Trainer(server.http(), "r", 0, 0, "");
      assertEquals(etag, trainer.pull(0, 0, Trainer.FORMATS.getFirst()).expect(200).etag());
      for (var post : acknowledged.entrySet()) {
        var again = trainer.post(post.getKey(), post.getValue()).expect(200);
        assertTrue(again.json().path("repeated").asBoolean(), "lost: step " + post.getKey());
      }
      postSome(trainer, acknowledged.lastKey() + 1, acknowledged);
    }
  }
}
