package dev.mixwell.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.cli.Program;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command over a recorded timeline, as it is and changed. */
final class VerifyRunCommandTest {
  private static final Path GOLDEN = Path.of("src/test/resources/timelines/odm-default.jsonl");

  @TempDir Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectories(data.resolve("runs/demo"));
  }

  private void write(List<String> lines) {
    try (var store = SqliteTimelineStore.open(folder.resolve("timeline.db"))) {
      for (String line : lines)
        store.append(List.of(new Entry(store.size(), 0, Json.read(line, Event.class))));
    }
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return new Program(new VerifyRunCommand())
        .writing(new PrintWriter(out), new PrintWriter(err))
        .run(arguments);
  }

  private JsonNode json() {
    return Json.tree(out.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aWholeRecordHasNoDifference() throws IOException {
    List<String> lines = Files.readAllLines(GOLDEN);
    write(lines);
    assertEquals(Program.DONE, run("verify-run", "--data", data.toString(), "demo", "--json"));
    assertEquals(lines.size(), json().path("entries").asInt());
    assertEquals(0, json().path("differences").size());
    assertTrue(json().path("closes").asInt() > 0 && json().path("steps").asInt() > 0);
    assertTrue(err.toString().contains("verify-run: 100 %"), err.toString());
    assertEquals(Program.DONE, run("verify-run", folder.toString()));
    assertTrue(out.toString().endsWith(": 0 differences\n"), out.toString());
  }

  @Test
  void aDifferenceIsListedAndIsNoSuccess() throws IOException {
    List<String> lines = Files.readAllLines(GOLDEN);
    write(
        lines.stream()
            .map(line -> line.replaceFirst("\"lossSum\":[0-9.E-]+", "\"lossSum\":1.25"))
            .toList());
    assertEquals(Program.FAILED, run("verify-run", "--data", data.toString(), "demo", "--json"));
    assertTrue(json().path("differences").size() > 0);
  }

  @Test
  void damageIsASentence() throws IOException {
    write(Files.readAllLines(GOLDEN));
    Path timeline = folder.resolve("timeline.db");
    byte[] bytes = Files.readAllBytes(timeline);
    for (int i = 5_000; i < bytes.length; i++) bytes[i] = 7;
    Files.write(timeline, bytes);
    assertEquals(Program.FAILED, run("verify-run", folder.toString()));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().startsWith("mixwell verify-run: "), err.toString());
  }

  @Test
  void aRunThatIsNotThereIsNamed() {
    assertEquals(Program.REFUSED, run("verify-run", "--data", data.toString(), "none"));
    assertTrue(err.toString().contains("There is no timeline"), err.toString());
  }
}
