package dev.mixwell.mixer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of MIXERS.md, compiled and put on the class path of another JVM. */
final class ExampleMixerTest {
  private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String NAME = "worst-first";

  @TempDir private Path folder;

  @Test
  void theExampleOfTheDocsIsAMixerOnceItIsOnTheClassPath() throws Exception {
    var code = CODE.matcher(Files.readString(Path.of("MIXERS.md")));
    assertTrue(code.find());
    compile(code.group(1));
    String classPath =
        folder + System.getProperty("path.separator") + System.getProperty("java.class.path");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                ExampleMixerTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertEquals("[0.2, 0.8]", said.strip());
  }

  private void compile(String code) throws IOException {
    Path source = folder.resolve("example").resolve("WorstFirst.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, code);
    var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    int status =
        compiler.run(
            null,
            null,
            null,
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString(),
            source.toString());
    assertEquals(0, status, "the example does not compile");
    Path services = folder.resolve("META-INF/services/" + MixerFactory.class.getName());
    Files.createDirectories(services.getParent());
    Files.writeString(services, "example.WorstFirst\n");
  }

  /** In the other JVM: two groups, one with four times the loss. */
  public static void main(String[] arguments) {
    var spec = new MixerSpec(NAME, Map.of());
    Mixer mixer = MixersUnderTest.create(spec, 2);
    Decision start = mixer.start(null);
    var seen = new Observation(1, start.p(), new double[] {1, 4}, new long[] {1, 1});
    double[] p = mixer.fold(start.state(), seen).p().toArray();
    System.out.println(Arrays.toString(new double[] {round(p[0]), round(p[1])}));
  }

  private static double round(double share) {
    return Math.round(share * 1e6) / 1e6;
  }
}
