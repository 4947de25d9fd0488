package dev.mixwell.bench;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.mixwell.index.IndexMain;
import dev.mixwell.proof.SmallestForm;
import dev.mixwell.server.ServeMain;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark of this package works: one that nobody runs breaks unseen. */
class BenchmarksTest {
  private static final Map<String, Class<?>> COMMANDS =
      Map.of("index", IndexMain.class, "serve", ServeMain.class);

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> everyProgramRunsInItsSmallestForm() throws Exception {
    return SmallestForm.beside(BenchmarksTest.class).stream()
        .map(form -> dynamicTest(form.program().getSimpleName(), () -> form.run(folder, COMMANDS)));
  }
}
