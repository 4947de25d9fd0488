package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of README.md do what they say, in a folder that holds nothing but the program and
 * the corpus that the repository ships. The part that needs Python is a test of the Python client.
 */
class CurlWalkTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String HEADING = "A walk";
  private static final String END = "Train on text of your own";

  @TempDir Path folder;

  @Test
  void theReadmesCommandsDoWhatItSays() throws Exception {
    String readme = Files.readString(HOME.resolve("README.md"));
    var walk = ShellWalk.find(readme, HEADING, END);
    assertTrue(walk.isPresent(), "README.md has no commands under \"" + HEADING + "\"");
    Files.createSymbolicLink(folder.resolve("docs"), HOME.resolve("docs"));
    Path program = Files.writeString(folder.resolve("mixwell"), program());
    assertTrue(program.toFile().setExecutable(true));
    walk.orElseThrow().run(folder, Map.of("CLASSPATH", System.getProperty("java.class.path")));
  }

  @Test
  void aWalkRunsToItsEnd() throws Exception {
    runSample(sample());
  }

  @Test
  void aWalkFailsWithItsCommandsAndWithWhatTheyDoNotPrint() throws Exception {
    String sample = sample();
    for (String other :
        List.of(
            sample.replace("\"attempt\":0", "\"attempt\":1"),
            sample.replace("curl -sf -X POST", "curl -sf -X PATCH")))
      assertThrows(AssertionError.class, () -> runSample(other));
    assertTrue(ShellWalk.find("# " + HEADING, HEADING, END).isEmpty());
  }

  /** Against a server of an index in which each query of the sample has documents. */
  private void runSample(String page) throws Exception {
    var walk = ShellWalk.find(page, HEADING, END).orElseThrow();
    Path place = Files.createTempDirectory(folder, "walk");
    var fields = List.of("\"source\": \"prose\"", "\"lang\": \"en\"");
    Path index = Corpus.write(place, fields, 200, 400);
    try (var server = ServerProcess.start(index, place.resolve("data"))) {
      walk.run(place, Map.of("URL", "http://127.0.0.1:" + server.port()));
    }
  }

  private static String program() {
    return """
        #!/bin/sh
        exec '%s' --enable-native-access=ALL-UNNAMED %s %s "$@"
        """
        .formatted(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            String.join(" ", ServerProcess.QUICK),
            WalkMain.class.getName());
  }

  private static String sample() throws IOException {
    try (var in = CurlWalkTest.class.getResourceAsStream("walk.md")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
