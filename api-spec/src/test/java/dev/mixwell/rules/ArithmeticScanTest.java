package dev.mixwell.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArithmeticScanTest {
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
            "double y = Arrays.stream(a).sum();",
            "double y = list.stream().reduce(0.0, Double::sum);",
            "double y = list.stream().collect(summingDouble(x -> x));",
            "var m = list.stream().collect(toMap(f, g));",
            "String s = UUID.randomUUID().toString();",
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
        import java.util.HashMap;
        var n = list.stream().filter(f).toList(); var o = s.toMap();
        var m = new LinkedHashMap<String, Double>(); var none = Map.of(); var t = new TreeMap<String, Double>();
        """;
    assertEquals(List.of(), ArithmeticScan.violations("X.java", good));
  }

  @Test
  void aViolationIsNamedWithItsLine() {
    String source =
        "import java.util.HashMap; class X {\n  /* two\n lines */\n  double y = Math.cbrt(2);\n}";
    assertTrue(
        ArithmeticScan.violations("X.java", source).getFirst().startsWith("X.java:4: Math.cbrt: "));
  }

  @Test
  void aReasonExcusesItsLineAndTheNext() {
    for (String good :
        List.of(
            "long t = System.nanoTime(); // Decides no byte: it is measured",
            "  // Decides no byte: it is measured\n  long t = System.nanoTime();"))
      assertEquals(List.of(), ArithmeticScan.violations("X.java", good));
    assertEquals(
        List.of("X.java:1: the comment excuses nothing: take it away"),
        ArithmeticScan.violations("X.java", "int i = 7; // Decides no byte: it is seven"));
    assertEquals(
        2,
        ArithmeticScan.violations("X.java", "f(); // Decides no byte: f\nSystem.nanoTime();")
            .size());
  }
}
