package dev.mixwell.bench;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.mixwell.proof.SmallestForm;
import dev.mixwell.server.ServerProgram;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark of this package works: one that nobody runs breaks unseen. */
class BenchmarksTest {
  static {
    System.setProperty("jmh.ignoreLock", "true"); // nothing is measured: others may run beside it
  }

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> everyBenchmarkOfJmhRunsOnce() throws Exception {
    return SmallestForm.classesBeside(BenchmarksTest.class).stream()
        .filter(type -> methods(type) > 0)
        .map(type -> dynamicTest(type.getSimpleName(), () -> runOnce(type)));
  }

  @TestFactory
  Stream<DynamicTest> everyProgramRunsInItsSmallestForm() throws Exception {
    return SmallestForm.beside(BenchmarksTest.class).stream()
        .map(form -> dynamicTest(form.program().getSimpleName(), () -> run(form)));
  }

  private void run(SmallestForm form) throws Exception {
    form.run(folder, ServerProgram.class);
  }

  private static long methods(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .count();
  }

  /**
   * In this process, once for each method and each name that a parameter has among its values; of
   * numbers, the first.
   */
  private static void runOnce(Class<?> type) throws Exception {
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(type.getName()) + "\\.")
            .mode(Mode.SingleShotTime)
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    long runs = methods(type);
    for (var field : type.getDeclaredFields()) {
      Param parameter = field.getAnnotation(Param.class);
      if (parameter == null) continue;
      String[] values = parameter.value();
      if (field.getType().isPrimitive()) values = Arrays.copyOf(values, 1);
      options.param(field.getName(), values);
      runs *= values.length;
    }
    Assertions.assertEquals(runs, new Runner(options.build()).run().size());
  }
}
