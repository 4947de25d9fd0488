package dev.mixwell.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what would make the proportions or the sampling differ from one machine, JVM or run to the
 * next: inexact functions of {@code Math}, sums in no fixed order, iteration in hash order,
 * unseeded randomness, clocks. Reads source text, not meaning.
 *
 * <p>What is right nevertheless says so beside it: {@code // Decides no byte: REASON}, on the line
 * or on the one above. A reason with nothing to excuse is a violation, too.
 */
final class ArithmeticScan {
  /** Functions of {@code Math} whose results are exact, and so the same everywhere. */
  private static final String EXACT =
      "abs|max|min|clamp|signum|copySign|sqrt|fma|floor|ceil|rint|round|scalb|getExponent|ulp|nextUp|nextDown|nextAfter"
          + "|multiplyHigh|unsignedMultiplyHigh|multiplyFull|floorMod|floorDiv|ceilDiv|ceilMod|\\w+Exact";

  private static final Map<Pattern, String> FORBIDDEN = forbidden();

  private static final Pattern EXCUSE = Pattern.compile("//\\s*Decides no byte: \\S");

  /** Comments, text blocks, strings, characters and imports: what is no code. */
  private static final Pattern NO_CODE =
      Pattern.compile(
          "//[^\\n"
              + "]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n"
              + "])*\"|'(?:\\\\.[^']*|[^'\\\\\\n"
              + "])'|(?m:^import (?!static)[^\\n"
              + "]*$)",
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
    List<String> lines = source.lines().toList();
    var excused = new TreeSet<Integer>();
    var found = new ArrayList<String>();
    FORBIDDEN.forEach(
        (pattern, why) -> {
          for (MatchResult hit : pattern.matcher(code).results().toList()) {
            int line = line(code, hit.start());
            Integer excuse = excuse(lines, line);
            if (excuse == null) found.add(file + ":" + line + ": " + hit.group() + ": " + why);
            else excused.add(excuse);
          }
        });
    for (int line = 1; line <= lines.size(); line++)
      if (EXCUSE.matcher(lines.get(line - 1)).find() && !excused.contains(line))
        found.add(file + ":" + line + ": the comment excuses nothing: take it away");
    return found;
  }

  /** The line with the comment that excuses this one; null if there is none. */
  private static @Nullable Integer excuse(List<String> lines, int line) {
    if (EXCUSE.matcher(lines.get(line - 1)).find()) return line;
    if (line < 2) return null;
    String above = lines.get(line - 2);
    return above.isBlank() || !EXCUSE.matcher(above.strip()).lookingAt() ? null : line - 1;
  }

  private static int line(String code, int at) {
    return 1 + (int) code.substring(0, at).chars().filter(c -> c == '\n').count();
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
    add(
        forbidden,
        "\\b(?:DoubleStream|mapToDouble|(?:averaging|summing)\\w+)\\b|Arrays\\s*\\.\\s*stream\\b(?=[^;]*\\.\\s*(?:sum|average)\\s*\\()|\\.\\s*reduce\\s*\\(",
        "sum in index order with a loop");
    add(
        forbidden,
        "\\b(?:toSet|toMap|groupingBy|toUnmodifiable(?:Set|Map))\\s*\\((?!\\s*\\)|.*TreeMap)",
        "collects into hash order; collect into a TreeMap or a list");
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
        "\\b(?:ThreadLocalRandom|SecureRandom)\\b|\\bUUID\\s*\\.\\s*randomUUID\\b|\\bnew\\s+Random\\b",
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
