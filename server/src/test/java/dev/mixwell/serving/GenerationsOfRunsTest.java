package dev.mixwell.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.cli.index.Indexing;
import dev.mixwell.manifest.Generation;
import dev.mixwell.opened.Datasets;
import dev.mixwell.pack.BodyFormat;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index changes under a server: runs stay with what they were created on. */
class GenerationsOfRunsTest {
  private static final RunSpec SPEC =
      Json.read(
          """
          {"seed": 1, "batchRows": 4, "rowTokens": 16, "validationRows": 1, "validationShare": 0.2,
           "groups": [{"name": "prose", "query": "tag:prose"}, {"name": "all", "query": "*:*"}]}""",
          RunSpec.class);

  private static final int STEPS = 6;

  @TempDir Path directory;
  private Path index;

  private interface Use {
    void of(Runs runs) throws IOException;
  }

  @BeforeEach
  void makeIndex() throws IOException {
    index = directory.resolve("index");
    command(lines("first", 200), "--out", index);
  }

  @Test
  void aRunServesTheSameBytesWhateverTheIndexBecomes() throws IOException {
    var before = new ArrayList<String>();
    open(
        runs -> {
          runs.create("one", SPEC);
          runs.run("one").run().open(new AttemptRequest(0, 1, "launch", null));
          before.addAll(bodies(runs));
          command(lines("second", 100), "--out", index, "--add");
          assertEquals(before, bodies(runs));
          assertEquals(300, documents(runs, "two"));
        });
    command("tag", "--index", index, "--set", "tag=prose");
    open(
        runs -> {
          assertEquals(before, bodies(runs));
          assertEquals(300, documents(runs, "two"));
          assertEquals(300, prose(runs, "tagged"));
          command("remove", "shard-00000.bin", "--index", index);
          assertEquals(before, bodies(runs));
          assertEquals(100, documents(runs, "three"));
        });
    open(
        runs -> {
          assertEquals(before, bodies(runs));
          assertEquals(100, documents(runs, "three"));
          assertEquals(300, prose(runs, "tagged"));
          assertEquals(List.of("one", "tagged", "three", "two"), runs.names());
        });
  }

  @Test
  void extentsOfEveryGenerationAreKept() throws IOException {
    open(runs -> runs.create("one", SPEC));
    command(lines("second", 100), "--out", index, "--add");
    open(runs -> runs.create("two", SPEC));
    open(runs -> {});
    try (var kept = Files.list(directory.resolve("data/cache"))) {
      assertEquals(2, kept.count());
    }
  }

  @Test
  void generationsShareTheirShards() throws IOException {
    String first = Generation.newest(index).manifestSha256();
    command(lines("second", 100), "--out", index, "--add");
    try (var datasets = Datasets.open(index, ShardStore.ofPlainFiles())) {
      var newest = datasets.newest();
      var older = datasets.of(first);
      assertNotEquals(first, newest.sha256());
      assertSame(newest.shards().getFirst(), older.shards().getFirst());
      assertSame(older, datasets.of(first));
      var refusal = assertThrows(Refusal.class, () -> datasets.of("0".repeat(64)));
      assertEquals(ProblemType.INDEX_MISMATCH, refusal.type());
    }
  }

  @Test
  void aDamagedNewGenerationIsRefusedAndOtherRunsAreServed() throws IOException {
    open(
        runs -> {
          runs.create("one", SPEC);
          runs.run("one").run().open(new AttemptRequest(0, 1, "launch", null));
          var before = bodies(runs);
          command(lines("second", 100), "--out", index, "--add");
          Files.writeString(index.resolve("generations/00002/shard-00001.bin"), "cut");
          var refusal = assertThrows(Refusal.class, () -> runs.create("two", SPEC));
          assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
          assertTrue(refusal.detail().contains("generations/00002/shard-00001.bin"));
          assertEquals(before, bodies(runs));
        });
  }

  private void open(Use use) throws IOException {
    try (var data = DataDirectory.open(directory.resolve("data"));
        var datasets = Datasets.open(index, ShardStore.ofPlainFiles());
        var packing = new Packing(1, 4, 1 << 20);
        var runs = new Runs(data, datasets, packing, () -> 0)) {
      use.of(runs);
    }
  }

  private static List<String> bodies(Runs runs) {
    var bodies = new ArrayList<String>();
    ServedRun run = runs.run("one");
    for (int step = 0; step < STEPS; step++) {
      var issued = run.run().issuedStep(0, step, 0, Duration.ofSeconds(10));
      try (ReadyBody packed = run.body(issued, BodyFormat.SAFETENSORS)) {
        var body = packed.batch();
        byte[] bytes =
            Arrays.copyOfRange(body.array(), body.offset(), body.offset() + body.length());
        bodies.add(body.etag() + Arrays.hashCode(bytes));
      }
      bodies.add(run.provenance(0, step).toString());
    }
    return bodies;
  }

  private static long documents(Runs runs, String name) {
    return runs.create(name, SPEC).run().describe().groups().get(1).documents();
  }

  private static long prose(Runs runs, String name) {
    return runs.create(name, SPEC).run().describe().groups().get(0).documents();
  }

  private Path lines(String name, int documents) throws IOException {
    var lines = new ArrayList<String>();
    for (int d = 0; d < documents; d++)
      lines.add(
          "{\"text\":\"%s document number %d\",\"id\":\"%s-%d\",\"tag\":\"%s\"}"
              .formatted(name, d * 7919, name, d, d % 2 == 0 ? "prose" : "code"));
    return Files.write(directory.resolve(name + ".jsonl"), lines);
  }

  private static void command(Object... words) {
    assertEquals(0, Indexing.run(words));
  }
}
