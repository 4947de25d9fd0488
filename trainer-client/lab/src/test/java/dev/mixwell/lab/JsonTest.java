package dev.mixwell.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.client.Peer;
import dev.mixwell.trainer.TrainReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --json} of the lab's commands: one object on standard output, progress elsewhere. */
class JsonTest {
  private static final Path SAMPLES = Path.of("..", "..", "indexer/src/test/resources");

  @TempDir Path directory;

  private static JsonNode json(int status, Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] arguments = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    int ended =
        LabProgram.program().writing(new PrintWriter(out), new PrintWriter(err)).run(arguments);
    assertEquals(status, ended, err.toString());
    return Json.tree(out.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void simulate() {
    Path charts = directory.resolve("charts");
    JsonNode facts =
        json(
            0,
            "simulate",
            "--worlds=hard",
            "--mixers=odm",
            "--steps=40",
            "--rows=8",
            "--out=" + charts,
            "--json");
    assertEquals(2, facts.path("runs").size());
    assertEquals("odm", facts.path("runs").path(1).path("mixer").asText());
    assertTrue(facts.path("runs").path(1).path("averageLoss").asDouble() > 0);
    assertTrue(Files.exists(Path.of(facts.path("charts").asText())));
    JsonNode worlds = json(0, "simulate", "--list", "--json").path("worlds");
    assertTrue(worlds.findValuesAsText("name").contains("slimpajama"), worlds.toString());
  }

  @Test
  void verifyMixers() throws Exception {
    Path vectors = Path.of(Objects.requireNonNull(JsonTest.class.getResource("/vectors")).toURI());
    String whole = Files.readString(vectors.resolve("ODM-13.json"));
    Files.writeString(directory.resolve("a.json"), whole);
    Files.writeString(directory.resolve("b.json"), whole.replace("0.5151885", "0.6151885"));
    Files.writeString(directory.resolve("c.json"), "{");
    JsonNode facts = json(1, "verify-mixers", directory, "--json");
    assertEquals(1, facts.path("passed").asInt());
    assertEquals(2, facts.path("failed").asInt());
    assertEquals("PASSED", facts.path("cases").path(0).path("outcome").asText());
    assertTrue(facts.path("cases").path(1).has("problem"), facts.toString());
    assertTrue(!facts.path("cases").path(2).has("method"), facts.toString());
  }

  @Test
  void verifyFormats() {
    JsonNode facts = json(0, "verify-formats", SAMPLES.resolve("nanogpt"), "--json");
    assertTrue(facts.path("passed").asInt() > 0, facts.toString());
    assertEquals(0, facts.path("failed").asInt());
    assertEquals(facts.path("passed").asInt(), facts.path("cases").size());
  }

  @Test
  void train() throws IOException {
    try (var peer = new Peer(Peer.spec(2, 4, 8))) {
      JsonNode facts =
          json(
              0,
              "train",
              "--url",
              peer.uri(),
              "--run=demo",
              "--steps=3",
              "--layers=1",
              "--width=8",
              "--json");
      TrainReport report = Json.convert(facts, TrainReport.class);
      assertEquals(3, report.toStep());
    }
  }
}
