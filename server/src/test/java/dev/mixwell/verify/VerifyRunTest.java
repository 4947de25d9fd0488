package dev.mixwell.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.Sha256;
import dev.mixwell.cli.Program;
import dev.mixwell.http.ServerFixture;
import dev.mixwell.opened.Datasets;
import dev.mixwell.run.Run;
import dev.mixwell.serving.DataDirectory;
import dev.mixwell.serving.Packing;
import dev.mixwell.serving.Runs;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a run of a server that has it open, and on one of a server that has stopped. */
class VerifyRunTest {
  private static final RunSpec SPEC =
      Json.read(
          """
          {"seed": 1, "batchRows": 4, "rowTokens": 16, "lookahead": 1, "issueAhead": 0, "validationRows": 1, "mixer": {"name": "odm"},
           "groups": [{"name": "prose", "query": "tag:prose"}, {"name": "code", "query": "tag:code"}]}""",
          RunSpec.class);

  @TempDir Path directory;

  private record Said(int code, String out) {}

  /**
   * @param modifiedMillis and the bytes: a copy of the file may have either by chance
   */
  private record Seen(long modifiedMillis, String contents) {}

  @Test
  void aRunThatGoesOnIsVerifiedAndNothingOfItIsWritten() throws IOException {
    Path data = directory.resolve("data");
    ServerFixture.writeIndex(directory.resolve("index"));
    try (var owned = DataDirectory.open(data);
        var datasets = Datasets.open(directory.resolve("index"), ShardStore.ofPlainFiles());
        var packing = new Packing(1, 0, 1 << 20);
        var runs = new Runs(owned, datasets, packing, () -> 0)) {
      Run run = runs.create("one", SPEC).run().run();
      run.open(new AttemptRequest(0, 1, "launch", null));
      for (int step = 0; step < 6; step++) pullAndPost(run, step);
      Map<Path, Seen> before = files(data);
      assertVerified(data, 6);
      assertEquals(before, files(data), "beside the server that has the run open");
      pullAndPost(run, 6);
      assertVerified(data, 7);
      copy(data, directory.resolve("crashed"));
    }
    Map<Path, Seen> before = files(data);
    assertVerified(data, 7);
    assertEquals(before, files(data), "once the server has stopped");
    Path crashed = directory.resolve("crashed");
    before = files(crashed);
    assertVerified(crashed, 7);
    assertEquals(before, files(crashed), "what a crash left in the write-ahead log stays there");
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from).keySet()) {
      Path copy = to.resolve(from.relativize(file));
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  private static void pullAndPost(Run run, long step) {
    run.issuedStep(0, step, 0, Duration.ZERO);
    var losses = new TreeMap<String, GroupFeedback>();
    run.plan(0, step)
        .rows()
        .forEach((group, rows) -> losses.put(group, new GroupFeedback(8 + step, 16 * rows)));
    run.post(0, step, new FeedbackRequest(FeedbackKind.TRAIN, null, losses));
  }

  private static void assertVerified(Path data, int closes) {
    Said said = verify("--data", data.toString(), "one");
    assertEquals(0, said.code, said.out);
    assertTrue(said.out.contains(": 0 differences"), said.out);
    assertTrue(said.out.contains(closes + " closes"), said.out);
  }

  @Test
  void aNameThatNoRunCanHaveIsRefusedInASentence() {
    Said said = verify("--data", directory.toString(), "../one");
    assertEquals(2, said.code);
    assertTrue(said.out.contains("A run cannot be named `../one`"), said.out);
  }

  private static Said verify(String... arguments) {
    var out = new StringWriter();
    int code =
        new Program(new VerifyRunCommand())
            .writing(new PrintWriter(out), new PrintWriter(out))
            .run(
                Stream.concat(Stream.of("verify-run"), Stream.of(arguments))
                    .toArray(String[]::new));
    return new Said(code, out.toString());
  }

  /** All but SQLite's shared memory, in which a reader announces itself. */
  private static Map<Path, Seen> files(Path folder) throws IOException {
    var seen = new TreeMap<Path, Seen>();
    try (var found = Files.walk(folder)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        if (file.toString().endsWith("-shm")) continue;
        String contents = Sha256.of(file);
        seen.put(file, new Seen(Files.getLastModifiedTime(file).toMillis(), contents));
      }
    }
    return seen;
  }
}
