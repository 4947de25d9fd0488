package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of README.md do what they say. They run against a server of an index in which each
 * query of theirs that is one key and one value has documents; {@code $URL} is the server's.
 */
class CurlWalkTest {
  private static final Path README = Path.of("..", "README.md");
  private static final String HEADING = "A walk with curl";
  private static final Pattern QUERY =
      Pattern.compile("\"query\"\\s*:\\s*\"([A-Za-z]+):([A-Za-z]+)\"");

  @TempDir Path folder;

  @Test
  void theReadmesCommandsDoWhatItSays() throws Exception {
    Optional<ShellWalk> walk =
        Files.exists(README) ? ShellWalk.find(Files.readString(README), HEADING) : Optional.empty();
    assumeTrue(walk.isPresent(), "README.md has no \"" + HEADING + "\" yet");
    run(walk.orElseThrow());
  }

  @Test
  void aWalkRunsToItsEnd() throws Exception {
    run(ShellWalk.find(sample(), HEADING).orElseThrow());
  }

  @Test
  void aWalkFailsWithItsCommandsAndWithWhatTheyDoNotPrint() throws Exception {
    String sample = sample();
    for (String other :
        java.util.List.of(
            sample.replace("\"attempt\":0", "\"attempt\":1"),
            sample.replace("curl -sf -X POST", "curl -sf -X PATCH"))) {
      var walk = ShellWalk.find(other, HEADING).orElseThrow();
      try (var server = start(walk, Files.createTempDirectory(folder, "walk"))) {
        assertThrows(AssertionError.class, () -> walk.run(folder, url(server)));
      }
    }
    assertTrue(ShellWalk.find("# " + HEADING, HEADING).isEmpty());
  }

  private void run(ShellWalk walk) throws Exception {
    try (var server = start(walk, folder)) {
      walk.run(folder, url(server));
    }
  }

  private static Map<String, String> url(ServerProcess server) {
    return Map.of("URL", "http://127.0.0.1:" + server.port());
  }

  private static ServerProcess start(ShellWalk walk, Path place) throws Exception {
    var fields = new TreeSet<String>();
    Matcher query = QUERY.matcher(String.join("\n", walk.lines()));
    while (query.find()) fields.add("\"%s\": \"%s\"".formatted(query.group(1), query.group(2)));
    return ServerProcess.start(Corpus.write(place, fields, 200, 400), place.resolve("data"));
  }

  private static String sample() throws IOException {
    try (var in = CurlWalkTest.class.getResourceAsStream("walk.md")) {
      return new String(
          Objects.requireNonNull(in).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
