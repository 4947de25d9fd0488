package dev.mixwell.arithmetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds what would make the proportions or the sampling differ from one machine, JVM or run to the
 * next: inexact functions of {@code Math}, sums in no fixed order, iteration in hash order,
 * unseeded randomness, clocks. Reads source text, not meaning.
 */
final class ArithmeticScan {
  /** Functions of {@code Math} whose results are exact, and so the same everywhere. */
  private static final String EXACT =
      "abs|max|min|clamp|signum|copySign|sqrt|fma|floor|ceil|rint|round|scalb|getExponent|ulp|nextUp|nextDown|nextAfter"
          + "|multiplyHigh|unsignedMultiplyHigh|multiplyFull|floorMod|floorDiv|ceilDiv|ceilMod|\\w+Exact";

  private static final Map<Pattern, String> FORBIDDEN = forbidden();

  /** Comments, text blocks, strings and characters: what is no code. */
  private static final Pattern NO_CODE =
      Pattern.compile(
          "//[^\\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.[^']*|[^'\\\\\\n])'",
          Pattern.DOTALL);

  private ArithmeticScan() {}

  /**
   * Scans one file.
   *
   * @return a line for each violation: {@code file:line: found: why not}
   */
  static List<String> violations(String file, String source) {
    String code =
        NO_CODE.matcher(source).replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
    var found = new ArrayList<String>();
    FORBIDDEN.forEach(
        (pattern, why) ->
            pattern
                .matcher(code)
                .results()
                .forEach(
                    hit ->
                        found.add(
                            file
                                + ":"
                                + line(code, hit.start())
                                + ": "
                                + hit.group()
                                + ": "
                                + why)));
    return found;
  }

  private static long line(String code, int at) {
    return 1 + code.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  private static Map<Pattern, String> forbidden() {
    var forbidden = new LinkedHashMap<Pattern, String>();
    add(
        forbidden,
        "\\bMath\\s*(?:\\.|::)\\s*(?!(?:" + EXACT + "|PI|E)\\b)\\w+",
        "use StrictMath; Math may differ in the last place");
    add(
        forbidden,
        "import\\s+static\\s+java\\.lang\\.Math\\b",
        "write Math.x or StrictMath.x, so that this scan sees which");
    add(forbidden, "\\.\\s*(?:stream|parallel)\\s*\\(", "sum in index order with a loop");
    add(forbidden, "\\b(?:Double|Int|Long)?Stream\\b", "sum in index order with a loop");
    add(forbidden, "\\bparallel\\w*\\b", "one thread, one order");
    add(
        forbidden,
        "\\b(?:Weak|Identity|Concurrent)?Hash(?:Map|Set|table)\\b",
        "iterates in hash order; use a TreeMap or an array");
    add(
        forbidden,
        "\\b(?:Map|Set)\\s*\\.\\s*(?:of|ofEntries|copyOf)\\s*\\((?!\\s*\\))",
        "iterates in an order that differs from JVM to JVM");
    add(
        forbidden,
        "\\b(?:ThreadLocalRandom|SecureRandom)\\b|\\bnew\\s+Random\\b",
        "random numbers come from a key, by counter");
    add(
        forbidden,
        "\\bSystem\\s*\\.\\s*(?:nanoTime|currentTimeMillis)\\b|\\bInstant\\s*\\.\\s*now\\b",
        "no clock decides bytes");
    return forbidden;
  }

  private static void add(Map<Pattern, String> forbidden, String regex, String why) {
    forbidden.put(Pattern.compile(regex), why);
  }
}
