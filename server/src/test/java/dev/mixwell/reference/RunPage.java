package dev.mixwell.reference;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunLimits;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.ParameterTable;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reference of a run's configuration. A member's bounds are those that the refusal of -1 names;
 * defaults are those of a configuration that says no more than it must.
 */
final class RunPage {
  private static final Path API =
      Path.of("..", "api-spec", "src", "main", "java", "dev", "mixwell", "api");
  private static final Path SERVER = Path.of("src", "main", "java");
  private static final List<String> REQUIRED = List.of("seed", "groups", "batchRows", "rowTokens");
  private static final int BATCH_ROWS = 6_007; // tells a bound that is the batch's from a constant
  private static final Pattern BOUNDS =
      Pattern.compile("(?:; use|the limit is|must be at least) (.*?)(?:, so .*| for .*)?\\.?$");

  private final Map<String, String> words;
  private final Map<?, ?> defaults;
  private final Page page = new Page();

  private RunPage() throws IOException {
    words = Words.ofMembers(API.resolve("RunSpec.java"));
    words.putAll(Words.ofMembers(API.resolve("MixerSpec.java")));
    defaults = read(Json.write(spec(Map.of())));
  }

  static String text() throws IOException {
    var made = new RunPage();
    made.page
        .title("A run's configuration")
        .paragraph(
            """
            `PUT /v1/runs/NAME` creates a run from a JSON object of these members, as `Client.create` does in Python. The answer shows the configuration with all defaults. Nothing of it changes afterwards but the mixer, which an operator may swap, and the overrides that operators set. No other members are taken.
            """)
        .heading("Members")
        .header("member", "default", "values", "what it says");
    made.members("", RunSpec.class);
    made.page
        .heading("Mixers")
        .paragraph(
            """
            `mixer` is `{"name": ..., "parameters": {...}}`. What each mixer does is told in [the page about mixers](../server/MIXERS.md). Bounds and defaults below are those of a run of four groups. A default behind a variant's name is that variant's.
            """);
    for (MixerFactory factory : factories()) made.mixer(factory);
    return made.page.toString();
  }

  /** Members whose default or bounds the contract names otherwise than the code. */
  static List<String> differences(JsonNode contract) throws IOException {
    var made = new RunPage();
    var differences = new ArrayList<String>();
    for (RecordComponent member : RunSpec.class.getRecordComponents()) {
      String name = member.getName();
      JsonNode schema = contract.path(name);
      String says = schema.path("default").asText();
      if (schema.has("default") && !made.standard(name).equals("`" + says + "`"))
        differences.add(name + ": the contract's default is " + says);
      String bounds = schema.path("minimum").asText() + " to " + schema.path("maximum").asText();
      if (schema.has("maximum") && !made.values(name, member.getType()).equals(bounds))
        differences.add(name + ": the contract says " + bounds);
    }
    return differences;
  }

  private void members(String prefix, Class<?> type) {
    for (RecordComponent member : type.getRecordComponents()) {
      String path = prefix + member.getName();
      String meaning = words.get(type.getSimpleName() + "." + member.getName());
      if (meaning == null)
        throw new IllegalStateException(
            "no @param " + member.getName() + " of " + type + " in " + API);
      page.row("`" + path + "`", standard(path), values(path, member.getType()), meaning);
      if (member.getType().isRecord() && member.getType() != MixerSpec.class)
        members(path + ".", member.getType());
      if (path.equals("groups")) members("groups[].", RunSpec.Group.class);
      if (path.equals("mixer")) members("mixer.", MixerSpec.class);
    }
  }

  private String standard(String path) {
    if (REQUIRED.contains(path) || path.startsWith("groups[]")) return "required";
    Object value = defaults;
    for (String part : path.split("\\."))
      value = value instanceof Map<?, ?> map ? map.get(part) : null;
    if (value == null) return "none";
    return value instanceof Map ? "as below" : "`" + value.toString().replaceAll("\\.0$", "") + "`";
  }

  private String values(String path, Class<?> type) {
    if (path.equals("groups")) return "1 to " + bound(groups(RunSpec.MAX_GROUPS + 1)) + " objects";
    if (path.equals("groups[].name")) return bound(named("-1 ?"));
    if (path.equals("mixer.name")) return names();
    if (type == long.class) return "a whole number of 64 bits";
    if (type.isEnum()) return choices(type);
    if (type.isRecord() || type == Map.class) return "an object";
    if (type == String.class) return "a text";
    boolean isFraction = type == Double.class || type == double.class;
    return bound(with(path, isFraction ? (Number) (-1.0) : (Number) (-1)));
  }

  private String choices(Class<?> type) {
    var choices = new ArrayList<String>();
    for (Field constant : type.getFields()) {
      String meaning = words.get(type.getSimpleName() + "." + constant.getName());
      String name = "`" + constant.getAnnotation(JsonProperty.class).value() + "`";
      choices.add(meaning == null ? name : name + ": " + lower(meaning));
    }
    return String.join("; ", choices);
  }

  private static String lower(String sentence) {
    return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private static String names() {
    return String.join(", ", factories().stream().map(f -> "`" + f.name() + "`").toList());
  }

  private void mixer(MixerFactory factory) throws IOException {
    page.paragraph("### " + factory.name());
    if (factory.parameters().isEmpty()) {
      page.paragraph("It takes no parameters.");
      return;
    }
    Path source = source(factory);
    Map<String, String> meanings = Words.ofParameters(source);
    page.header("parameter", "default", "values", "what it says");
    for (var row : ParameterTable.of(factory)) {
      String meaning = meanings.get(row.name());
      if (meaning == null)
        throw new IllegalStateException(
            "%s: the comment of parameters() has no <li>{@code %s}: ..."
                .formatted(source, row.name()));
      page.row("`" + row.name() + "`", row.standard(), row.values(), meaning);
    }
  }

  private static Path source(MixerFactory factory) {
    String outermost = factory.getClass().getName().replaceAll("\\$.*", "");
    return SERVER.resolve(outermost.replace('.', '/') + ".java");
  }

  /** Without those of tests. */
  private static List<MixerFactory> factories() {
    return ServiceLoader.load(MixerFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> Files.exists(source(factory)))
        .sorted(Comparator.comparing(MixerFactory::name))
        .toList();
  }

  /** What the refusal of a configuration says of its bounds. */
  private static String bound(Map<String, Object> spec) {
    try {
      RunLimits.check(Json.read(Json.write(spec).getBytes(StandardCharsets.UTF_8), RunSpec.class));
    } catch (Refusal refusal) {
      String said = String.valueOf(refusal.getMessage());
      Matcher bounds = BOUNDS.matcher(said);
      if (!bounds.find()) throw refusal;
      String named =
          bounds.group(1).replace("" + BATCH_ROWS, "`batchRows`").replace("1/1", "1/groups");
      return said.contains("must be at least") ? "at least " + named : named;
    }
    throw new IllegalStateException("nothing refuses " + spec);
  }

  private static Map<String, Object> with(String path, Object value) {
    String[] part = path.split("\\.");
    if (part.length == 1) return spec(Map.of(part[0], value));
    var object =
        new TreeMap<String, Object>(
            Map.of(
                    "exhausted", Map.of("policy", "max-epochs"),
                    "closing", Map.of("policy", "close-after"),
                    "limits", Map.of("floor", 0, "maxChange", 1))
                .get(part[0]));
    object.put(part[1], value);
    return spec(Map.of(part[0], object));
  }

  private static Map<String, Object> named(String name) {
    return spec(Map.of("groups", List.of(Map.of("name", name, "query", "*:*"))));
  }

  private static Map<String, Object> groups(int number) {
    var groups = new Object[number];
    Arrays.setAll(groups, i -> Map.of("name", "g" + i, "query", "*:*"));
    return spec(Map.of("groups", List.of(groups)));
  }

  private static Map<String, Object> spec(Map<String, Object> others) {
    var spec = new TreeMap<String, Object>();
    spec.put("seed", 1);
    spec.put("groups", List.of(Map.of("name", "a", "query", "*:*")));
    spec.put("batchRows", BATCH_ROWS);
    spec.put("rowTokens", 64);
    spec.putAll(others);
    return spec;
  }

  private static Map<?, ?> read(String spec) {
    var read = Json.read(spec.getBytes(StandardCharsets.UTF_8), RunSpec.class);
    return Json.read(Json.write(read).getBytes(StandardCharsets.UTF_8), Map.class);
  }
}
