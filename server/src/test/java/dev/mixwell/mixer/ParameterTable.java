package dev.mixwell.mixer;

import dev.mixwell.base.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a mixer's factory takes, found by asking it: defaults are those that it falls back to, and
 * what a value may be is what it answers to one that is none.
 */
public final class ParameterTable {
  /** Of a run of four groups. */
  private static final MixerContext CONTEXT =
      new MixerContext(1, List.of("a", "b", "c", "d"), new long[] {1, 1, 1, 1}, 8, 64, 8);

  private static final Map<String, Double> WEIGHTS = Map.of("a", 1.0, "b", 1.0, "c", 1.0, "d", 1.0);

  private static final Pattern MISSING = Pattern.compile("`(\\w+)` of the mixer .* is missing");
  private static final Pattern EXPECTED =
      Pattern.compile("; (.*?)(?: (?:is|are) expected)?\\.?$", Pattern.DOTALL);
  private static final Pattern NOT_HERE = Pattern.compile("means nothing here: (.*)\\. Leave");

  /**
   * One parameter.
   *
   * @param standard what stands in for it, by variant where that matters
   * @param values what it may be
   */
  public record Row(String name, String standard, String values) {}

  private final MixerFactory factory;
  private final Map<String, Map<String, Object>> defaults = new LinkedHashMap<>();
  private final Map<String, Object> required = new TreeMap<>();

  private ParameterTable(MixerFactory factory) {
    this.factory = factory;
    if (factory.parameters().contains("variant"))
      for (String variant : choices("variant")) read(Map.of("variant", variant), variant);
    else read(Map.of(), "");
  }

  public static List<Row> of(MixerFactory factory) {
    var table = new ParameterTable(factory);
    return factory.parameters().stream().map(table::row).toList();
  }

  private Row row(String name) {
    return new Row(name, standard(name), values(name));
  }

  private String standard(String name) {
    if (name.equals("variant")) return shown(choices(name).getFirst());
    if (required.containsKey(name)) return "required";
    var byValue = new LinkedHashMap<String, List<String>>();
    for (var variant : defaults.entrySet())
      if (variant.getValue().containsKey(name))
        byValue
            .computeIfAbsent(shown(variant.getValue().get(name)), value -> new ArrayList<>())
            .add("`" + variant.getKey() + "`");
    if (byValue.isEmpty()) return "none";
    var text = new StringBuilder();
    for (var value : byValue.entrySet())
      if (text.isEmpty()) text.append(value.getKey());
      else
        text.append("; ")
            .append(String.join(", ", value.getValue()))
            .append(": ")
            .append(value.getKey());
    return text.toString();
  }

  private String values(String name) {
    String first = "";
    for (String variant : defaults.keySet()) {
      var given = new TreeMap<String, Object>();
      if (!variant.isEmpty()) given.put("variant", variant);
      String answer = answer(given, name);
      Matcher notHere = NOT_HERE.matcher(answer);
      if (!notHere.find()) return first.isEmpty() ? expected(answer) : expected(answer) + first;
      first = "; " + notHere.group(1);
    }
    for (String other : factory.parameters())
      if (first.contains("`" + other + "`"))
        return expected(answer(Map.of(other, WEIGHTS), name)) + "; with `" + other + "` only";
    throw new IllegalStateException(factory.name() + " reads no `" + name + "`");
  }

  /** The refusal of a value that is of no type. */
  private String answer(Map<String, Object> given, String name) {
    var values = new TreeMap<>(required);
    values.putAll(given);
    values.put(name, List.of("no such value"));
    try {
      factory.create(new Parameters(factory.name(), values), CONTEXT);
    } catch (Refusal refusal) {
      return String.valueOf(refusal.getMessage());
    }
    throw new IllegalStateException(factory.name() + " takes anything as `" + name + "`");
  }

  private static String expected(String answer) {
    if (answer.contains("has no object at place")) return "a list of objects";
    Matcher expected = EXPECTED.matcher(answer);
    if (!expected.find()) {
      if (answer.contains("has 1 entries")) return "a number for each pair of groups";
      throw new IllegalStateException("no expectation in: " + answer);
    }
    return expected
        .group(1)
        .replaceAll(
            "^an object with one number for each of the groups.*", "a number for each group")
        .replaceAll("^one of these is expected: ", "")
        .replaceAll("(\\d)\\.0(?![\\d])", "$1")
        .replace("to 0.9999999999999999", "to below 1")
        .replaceAll("E(-?)", "e$1");
  }

  private List<String> choices(String name) {
    String answer = answer(Map.of(), name);
    return List.of(
        answer.substring(answer.indexOf("expected: ") + 10).replace(".", "").split(", "));
  }

  private void read(Map<String, Object> given, String variant) {
    var found = new TreeMap<String, Object>();
    while (true) {
      var values = new TreeMap<>(required);
      values.putAll(given);
      found.clear();
      try {
        factory.create(new Parameters(factory.name(), "", values, found::put), CONTEXT);
        defaults.put(variant, found);
        return;
      } catch (Refusal refusal) {
        Matcher missing = MISSING.matcher(String.valueOf(refusal.getMessage()));
        if (!missing.find() || required.containsKey(missing.group(1))) throw refusal;
        String name = missing.group(1);
        required.put(name, example(name));
      }
    }
  }

  /** A value of a parameter without which the mixer cannot be made. */
  private Object example(String name) {
    return MixersUnderTest.specs(CONTEXT.groups()).stream()
        .filter(spec -> spec.name().equals(factory.name()) && spec.parameters().containsKey(name))
        .map(spec -> spec.parameters().get(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "%s: no specification of `%s` has its parameter `%s`"
                        .formatted(MixersUnderTest.FILE, factory.name(), name)));
  }

  private static String shown(Object value) {
    return value instanceof Double number
        ? Double.toString(number).replaceAll("\\.0$", "").replaceAll("\\.0E|E", "e")
        : String.valueOf(value);
  }
}
