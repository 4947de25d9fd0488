package dev.mixwell.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromisesTest {
  @Test
  void promisesOfAllModulesAreFoundWithTheirTests() throws IOException {
    List<String> lines =
        Promises.of(Path.of("..", "..")).stream().map(Promises.Promise::line).toList();
    for (String line :
        List.of(
            "resume server ResumeTest",
            "index-bit-flips indexer DamageTest",
            "bad-losses server BadLossesTest",
            "prefetch trainer-client/lab PrefetchTest"))
      assertTrue(lines.contains(line), line + " is not among " + lines);
    assertEquals(lines.stream().distinct().toList(), lines);
  }
}
