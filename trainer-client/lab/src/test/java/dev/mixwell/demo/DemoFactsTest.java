package dev.mixwell.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.OperationView;
import dev.mixwell.base.Json;
import dev.mixwell.cli.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo tells at its end; the story itself takes minutes and is told elsewhere. */
class DemoFactsTest {
  @TempDir Path directory;

  @Test
  void theIndexThatIsThereIsNamedAsJson() throws Exception {
    Files.createDirectories(directory.resolve("index"));
    Files.writeString(directory.resolve("index/manifest.json"), "{}");
    System.setProperty("mixwell.launcher", "./mixwell"); // it starts nothing: the index is there
    try {
      var out = new StringWriter();
      var err = new StringWriter();
      int status =
          new Program(new DemoCommand())
              .writing(new PrintWriter(out), new PrintWriter(err))
              .run("demo", "--index-only", "--dir", directory.toString(), "--json");
      assertEquals(Program.DONE, status, err.toString());
      JsonNode facts = Json.tree(out.toString().getBytes(StandardCharsets.UTF_8));
      assertEquals(directory.resolve("index").toString(), facts.path("index").asText());
      assertTrue(err.toString().contains("the index is there"), err.toString());
    } finally {
      System.clearProperty("mixwell.launcher");
    }
  }

  @Test
  void theSummaryIsJson() {
    var swap = new OperationView(1, "mixer", 9, Map.of(), "mixwell demo", "to adapt", "now");
    var group = new Summary.GroupSummary(8, 8, 0.5, 0.6, 3.0, 2.0);
    var summary =
        new Summary(20, 8, swap, 2, 10, 0.1, Map.of("web", group), List.of("http://x"), 1.5);
    var told = new Demo.Told(summary, "summary.json", "mixture.svg", "server");
    JsonNode facts = Json.tree(Json.writeBytes(told));
    assertEquals(2, facts.path("summary").path("attempts").asInt());
    assertEquals(
        0.6, facts.path("summary").path("groups").path("web").path("shareLast").asDouble());
    assertEquals("mixture.svg", facts.path("picture").asText());
  }
}
