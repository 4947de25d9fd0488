package dev.mixwell.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArithmeticScanTest {
  /** Relative to the sources' root: where bytes are decided. */
  private static final String DECIDES_BYTES =
      "dev/mixwell/(mixer|sampler|fold|command|group)/.*\\.java|dev/mixwell/run/StepRows\\.java";

  @Test
  void whatDecidesBytesComputesTheSameEverywhere() throws IOException {
    Path root =
        Path.of(System.getProperty("basedir", "")).resolve("src/main/java").toAbsolutePath();
    var violations = new ArrayList<String>();
    int scanned = 0;
    try (var files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = root.relativize(file).toString().replace('\\', '/');
        if (!name.matches(DECIDES_BYTES)) continue;
        violations.addAll(ArithmeticScan.violations(name, Files.readString(file)));
        scanned++;
      }
    }
    assertTrue(scanned > 10, "only " + scanned + " files under " + root);
    assertEquals(List.of(), violations);
  }

  @Test
  void eachForbiddenConstructIsCaught() {
    for (String bad :
        List.of(
            "double y = Math.exp(x);",
            "double y = java.lang.Math.pow(x, 2);",
            "f(Math::log);",
            "double y = Math\n    .sin(x);",
            "import static java.lang.Math.*;",
            "double y = list.stream().mapToDouble(x -> x).sum();",
            "double y = DoubleStream.of(x).sum();",
            "var s = list.parallelStream();",
            "Arrays.parallelPrefix(a, f);",
            "var m = new HashMap<String, Double>();",
            "Set<String> s = new HashSet<>();",
            "for (var e : Map.of(1, 2).entrySet()) f(e);",
            "var s = Set.copyOf(list);",
            "int i = ThreadLocalRandom.current().nextInt();",
            "var r = new Random(7);",
            "long t = System.nanoTime();"))
      assertEquals(1, ArithmeticScan.violations("X.java", bad).size(), bad);
  }

  @Test
  void whatIsExactOrNoCodeIsLeftAlone() {
    String good =
        """
        // Math.exp(x) in a comment, and "a string
        /* HashMap, list.stream() */
        double y = StrictMath.exp(x) + Math.max(Math.sqrt(x), Math.fma(a, b, Math.scalb(c, 2)));
        int i = Math.toIntExact(Math.floorMod(Math.addExact(a, b), 7));
        String s = "Math.exp(\\"x\\") HashMap"; char c = '"'; char d = '\\'';
        var m = new LinkedHashMap<String, Double>(); var none = Map.of(); var t = new TreeMap<String, Double>();
        """;
    assertEquals(List.of(), ArithmeticScan.violations("X.java", good));
  }

  @Test
  void aViolationIsNamedWithItsLine() {
    String source = "class X {\n  /* two\n lines */\n  double y = Math.cbrt(2);\n}";
    assertTrue(
        ArithmeticScan.violations("X.java", source).getFirst().startsWith("X.java:4: Math.cbrt: "));
  }
}
