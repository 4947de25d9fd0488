package dev.mixwell.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.http.ServerFixture;
import dev.mixwell.opened.Datasets;
import dev.mixwell.opened.TestIndex;
import dev.mixwell.store.ShardStore;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server makes of runs whose files are not as they were. */
class RunsTest {
  private static final RunSpec SPEC =
      Json.read(
          """
          {"seed": 1, "batchRows": 4, "rowTokens": 16, "validationRows": 1, "validationShare": 0.2,
           "groups": [{"name": "prose", "query": "tag:prose"}, {"name": "all", "query": "*:*"}]}""",
          RunSpec.class);

  @TempDir Path directory;

  private interface Use {
    void of(Runs runs);
  }

  @BeforeEach
  void makeTwoRuns() throws IOException {
    ServerFixture.writeIndex(directory.resolve("index"));
    open(
        runs -> {
          assertTrue(runs.create("one", SPEC).isNew());
          assertTrue(runs.create("two", SPEC).isNew());
        });
  }

  private void open(Use use) {
    try (var data = DataDirectory.open(directory.resolve("data"));
        var datasets = Datasets.open(directory.resolve("index"), ShardStore.ofPlainFiles());
        var packing = new Packing(1, 4, 1 << 20);
        var runs = new Runs(data, datasets, packing, () -> 0)) {
      use.of(runs);
    }
  }

  @Test
  void creatingAgainChangesNothing() {
    open(
        runs -> {
          assertFalse(runs.create("one", SPEC).isNew());
          var answer = runs.run("one").describe();
          assertEquals(1, answer.overlaps().size());
          assertEquals("prose", answer.overlaps().getFirst().a());
          assertEquals(
              answer.groups().getFirst().documents(), answer.overlaps().getFirst().documents());
        });
  }

  /** Its query may be read otherwise today, or not at all; what it gave is what it serves. */
  @Test
  void groupsOfARunThatExistsKeepWhatTheyWereResolvedTo() throws IOException {
    List<String> queries = List.of("tag:prose AND tag:prose OR tag:code", "tag:prose NOT tag:code");
    var like = new AtomicReference<Event.RunCreated>();
    open(runs -> like.set(runs.run("one").run().created()));
    for (String query : queries) record("old" + queries.indexOf(query), like.get(), query);
    open(
        runs -> {
          RunAnswer.Group prose = firstGroup(runs.run("one"));
          for (String query : queries) {
            String name = "old" + queries.indexOf(query);
            RunAnswer.Group kept = firstGroup(runs.run(name));
            assertEquals(query, kept.query());
            assertEquals(prose.documents(), kept.documents());
            assertEquals(prose.extentsSha256(), kept.extentsSha256());
            assertFalse(runs.create(name, runs.run(name).spec()).isNew());
          }
          ServedRun asked = runs.create("new", runs.run("old0").spec()).run();
          assertEquals(2 * prose.documents(), firstGroup(asked).documents());
        });
  }

  private static RunAnswer.Group firstGroup(ServedRun run) {
    return run.describe().groups().getFirst();
  }

  /**
   * A run that asked this for its first group, and got the documents of the run that it is like.
   */
  private void record(String name, Event.RunCreated like, String query) throws IOException {
    Path folder = Files.createDirectory(directory.resolve("data/runs").resolve(name));
    try (var files = Files.list(directory.resolve("data/runs/one"))) {
      for (Path file : files.filter(f -> !f.toString().contains("timeline")).toList())
        Files.copy(file, folder.resolve(file.getFileName()));
    }
    String created = Json.write(like).replace("tag:prose", query);
    try (var store = SqliteTimelineStore.open(DataDirectory.timelineIn(folder))) {
      store.append(List.of(new Entry(0, 0, Json.read(created, Event.RunCreated.class))));
    }
  }

  @Test
  void damagedExtentsAreNamedAndOtherRunsServed() throws IOException {
    flip(directory.resolve("data/runs/one/0000.train.extents"), 20);
    refusesOne(ProblemType.EXTENTS_DAMAGED, "0000.train.extents");
  }

  @Test
  void aDamagedTimelineIsNamedAndOtherRunsServed() throws IOException {
    Path timeline = directory.resolve("data/runs/one/timeline.db");
    byte[] bytes = Files.readAllBytes(timeline);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("tag:prose");
    flip(timeline, at);
    refusesOne(ProblemType.TIMELINE_DAMAGED, "timeline.db");
  }

  @Test
  void aRunIsNotServedFromAnotherIndex() throws IOException {
    Path index = directory.resolve("index");
    try (var files = Files.walk(index)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
    var documents = new ArrayList<TestIndex.Document>();
    for (int d = 0; d < 50; d++)
      documents.add(new TestIndex.Document(new int[] {d, d, d}, "d" + d, List.of("prose")));
    new TestIndex(index, List.of(documents), 1_000).write();
    open(
        runs -> {
          var refusal = assertThrows(Refusal.class, () -> runs.run("one"));
          assertEquals(ProblemType.INDEX_MISMATCH, refusal.type());
          assertTrue(refusal.detail().contains("index it was created on"), refusal.detail());
        });
  }

  private void refusesOne(ProblemType type, String named) {
    open(
        runs -> {
          assertEquals(List.of("one", "two"), runs.names());
          var refusal = assertThrows(Refusal.class, () -> runs.run("one"));
          assertEquals(type, refusal.type(), refusal.detail());
          assertTrue(refusal.detail().contains(named), refusal.detail());
          assertThrows(Refusal.class, () -> runs.create("one", SPEC));
          var attempt = new AttemptRequest(0, 1, "launch-" + type.slug(), null);
          assertEquals(0, runs.run("two").run().open(attempt).attempt());
        });
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }
}
