package dev.mixwell.catalog;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Conditions of random queries, and documents with values that are hard to write. */
final class QueryLeaves {
  private static final List<String> ODD =
      List.of(
          "",
          "a",
          "b",
          "ab",
          "a/b",
          "/a/",
          "http://e.org/0?q=1",
          "git hub",
          " a",
          "*",
          "a*b",
          "?",
          "say \"hi\"",
          "\"",
          "back\\slash",
          "AND",
          "or",
          "Not",
          "&&",
          "a&&b",
          "||x",
          "+1",
          "-1",
          "!x",
          "(a)",
          "[1 TO 2]",
          "{x}",
          "a~1",
          "a^2",
          "lang:en",
          "日本 語",
          "😀/😃",
          "a\u00a0b",
          "'q'",
          "“q”",
          "tab\there",
          "line\nbreak",
          "TO",
          "*:*",
          "\\u0041",
          "<a=b@c>",
          "u",
          "#x");
  private static final List<String> LANGUAGES = List.of("en", "de", "fr");
  private static final String SPACED = "odd key/1:"; // a key that has to be written with care
  private static final LocalDate FIRST = LocalDate.parse("2024-02-20");
  private static final int DAYS = 20;
  private static final int NUMBERS = 12;

  /** As queries write them. */
  static final List<String> KEYS =
      List.of("source", "lang", "n", "quality", "created", "\"odd key/1:\"");

  private QueryLeaves() {}

  /** Metadata by key: texts, or numbers. */
  record Document(Map<String, List<Object>> metadata) {
    private boolean has(String key, Predicate<Object> wanted) {
      return metadata.getOrDefault(key, List.of()).stream().anyMatch(wanted);
    }
  }

  /**
   * A condition.
   *
   * @param write the value, perhaps behind no key of its own
   */
  record Drawn(
      String key, BiFunction<SplittableRandom, Boolean, String> write, Predicate<Document> takes) {
    String value(SplittableRandom random, boolean isKeyed) {
      return write.apply(random, isKeyed);
    }
  }

  static Document document(SplittableRandom random) {
    var metadata = new TreeMap<String, List<Object>>();
    if (random.nextInt(8) > 0) metadata.put("lang", List.of(pick(random, LANGUAGES)));
    if (random.nextInt(8) > 0)
      metadata.put(
          "source",
          random.nextInt(4) == 0
              ? List.of(pick(random, ODD), pick(random, ODD))
              : List.of(pick(random, ODD)));
    if (random.nextInt(4) > 0) metadata.put(SPACED, List.of(pick(random, ODD)));
    if (random.nextInt(4) > 0) metadata.put("n", List.of(number(random)));
    if (random.nextInt(4) > 0) metadata.put("quality", List.of(number(random) / 4.0));
    if (random.nextInt(4) > 0) metadata.put("created", List.of(day(random).toString()));
    return new Document(metadata);
  }

  private static int number(SplittableRandom random) {
    return random.nextInt(NUMBERS) - NUMBERS / 2;
  }

  private static LocalDate day(SplittableRandom random) {
    return FIRST.plusDays(random.nextInt(DAYS));
  }

  private static <T> T pick(SplittableRandom random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /**
   * @param key empty for any
   */
  static Drawn draw(SplittableRandom random, String key) {
    if (key.isEmpty() && random.nextInt(20) == 0) return new Drawn("*", (_, _) -> "*", _ -> true);
    String written = key.isEmpty() ? pick(random, KEYS) : key;
    String name = written.startsWith("\"") ? SPACED : written;
    if (random.nextInt(12) == 0)
      return new Drawn(written, (_, _) -> "*", document -> document.has(name, _ -> true));
    return switch (name) {
      case "n" -> number(random, written, name, 1);
      case "quality" -> number(random, written, name, 4);
      case "created" -> day(random, written, name);
      default -> text(random, written, name);
    };
  }

  private static Drawn number(SplittableRandom random, String written, String name, int parts) {
    double low = (double) number(random) / parts;
    double high = low + (double) random.nextInt(6) / parts;
    if (random.nextBoolean())
      return new Drawn(
          written,
          (r, isKeyed) -> {
            String text = r.nextBoolean() || parts > 1 ? "" + low : "" + (long) low;
            if (text.startsWith("-") && isKeyed)
              return r.nextBoolean() ? "\\" + text : quoted(text);
            return r.nextInt(3) == 0 ? quoted(text) : text;
          },
          document -> document.has(name, value -> ((Number) value).doubleValue() == low));
    return range(
        random,
        written,
        name,
        "" + low,
        "" + high,
        (value, bound) ->
            Double.compare(((Number) value).doubleValue(), Double.parseDouble(bound)));
  }

  private static Drawn day(SplittableRandom random, String written, String name) {
    LocalDate low = day(random);
    LocalDate high = low.plusDays(random.nextInt(8));
    return range(
        random,
        written,
        name,
        "" + low,
        "" + high,
        (value, bound) -> LocalDate.parse((String) value).compareTo(LocalDate.parse(bound)));
  }

  private static Drawn range(
      SplittableRandom random,
      String written,
      String name,
      String low,
      String high,
      BiFunction<Object, String, Integer> compared) {
    @Nullable String from = random.nextInt(4) == 0 ? null : low;
    @Nullable String to = random.nextInt(4) == 0 ? null : high;
    boolean includesLow = random.nextBoolean();
    boolean includesHigh = random.nextBoolean();
    return new Drawn(
        written,
        (r, _) ->
            (includesLow ? "[" : "{")
                + bound(r, from)
                + " TO "
                + bound(r, to)
                + (includesHigh ? "]" : "}"),
        document ->
            document.has(
                name,
                value ->
                    (from == null || compared.apply(value, from) > (includesLow ? -1 : 0))
                        && (to == null || compared.apply(value, to) < (includesHigh ? 1 : 0))));
  }

  private static String bound(SplittableRandom random, @Nullable String bound) {
    if (bound == null) return "*";
    return random.nextInt(3) == 0 ? quoted(bound) : bound;
  }

  private static Drawn text(SplittableRandom random, String written, String name) {
    String text = name.equals("lang") ? pick(random, LANGUAGES) : pick(random, ODD);
    int[] codes = text.codePoints().toArray();
    int kind = codes.length < 2 ? 0 : random.nextInt(5);
    if (kind < 3)
      return new Drawn(
          written, (r, _) -> value(r, text), document -> document.has(name, text::equals));
    int at = 1 + random.nextInt(codes.length - 1);
    String beginning = new String(codes, 0, at);
    if (kind == 3)
      return new Drawn(
          written,
          (r, _) -> escaped(r, beginning) + "*",
          document -> document.has(name, value -> ((String) value).startsWith(beginning)));
    String rest = new String(codes, at + 1, codes.length - at - 1);
    boolean isOne = random.nextBoolean();
    String all = Pattern.quote(beginning) + (isOne ? "." : ".*") + Pattern.quote(rest);
    var pattern = Pattern.compile(all, Pattern.DOTALL);
    return new Drawn(
        written,
        (r, _) -> escaped(r, beginning) + (isOne ? "?" : "*") + escaped(r, rest),
        document -> document.has(name, value -> pattern.matcher((String) value).matches()));
  }

  private static String value(SplittableRandom random, String text) {
    return text.isEmpty() || random.nextBoolean() ? quoted(text) : escaped(random, text);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Every character that is no letter or digit behind a backslash, and some by number. */
  private static String escaped(SplittableRandom random, String text) {
    var written = new StringBuilder();
    boolean isWord = List.of("and", "or", "not").contains(text.toLowerCase(java.util.Locale.ROOT));
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (random.nextInt(10) == 0 || (isWord && i == 0))
        written.append("\\u%04x".formatted((int) c));
      else if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) written.append(c);
      else written.append('\\').append(c);
    }
    return written.toString();
  }
}
