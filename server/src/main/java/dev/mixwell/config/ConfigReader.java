package dev.mixwell.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link ServerConfig}: the defaults, then the file, then the environment, then the command
 * line's flags; the last that names a key decides it. The keys are the record's components, so
 * there is no second list of them. Used by one thread, for one reading.
 */
public final class ConfigReader {
  private static final String VARIABLE_PREFIX = "MIXWELL_";

  private final ObjectNode values = Yaml.MAPPER.valueToTree(ServerConfig.DEFAULTS);
  private final SortedMap<String, JsonNode> defaults = new TreeMap<>();

  private ConfigReader() {
    collect("", values.deepCopy());
  }

  /**
   * @param file a YAML file, or none
   * @param environment of the process; only {@code MIXWELL_} variables that name a key are looked
   *     at, because Kubernetes sets others of that prefix for a service of our name
   * @param flags by key, {@code http.port} say
   * @throws InvalidConfig if any of them cannot be used
   */
  public static ServerConfig read(
      @Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
    var reader = new ConfigReader();
    if (file != null) reader.overlay("", parse(file));
    for (String key : reader.defaults.keySet()) {
      String variable = environment.get(variable(key));
      if (variable != null) reader.set(key, variable, variable(key));
      String flag = flags.get(key);
      if (flag != null) reader.set(key, flag, "the flag for " + key);
    }
    return reader.bind();
  }

  /**
   * The environment variable of a key: {@code MIXWELL_HTTP_MAX_BODY_BYTES} for {@code
   * http.maxBodyBytes}.
   */
  public static String variable(String key) {
    return VARIABLE_PREFIX
        + key.replace('.', '_').replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }

  private void collect(String prefix, JsonNode node) {
    for (var member : node.properties()) {
      String key = prefix + member.getKey();
      if (member.getValue().isObject()) collect(key + ".", member.getValue());
      else defaults.put(key, member.getValue());
    }
  }

  private static JsonNode parse(Path file) {
    try {
      JsonNode tree = Yaml.MAPPER.readTree(Files.readAllBytes(file));
      if (tree.isMissingNode() || tree.isNull()) return Yaml.MAPPER.createObjectNode();
      if (!tree.isObject())
        throw new InvalidConfig(file + " is not a YAML mapping of keys to values.");
      return tree;
    } catch (JsonProcessingException e) {
      throw new InvalidConfig(
          file
              + " is not YAML: "
              + e.getOriginalMessage()
              + " (line "
              + e.getLocation().getLineNr()
              + ").");
    } catch (IOException e) {
      throw new InvalidConfig(
          "The configuration file " + file + " cannot be read: " + IoReason.of(e));
    }
  }

  private void overlay(String prefix, JsonNode section) {
    for (var member : section.properties()) {
      String key = prefix + member.getKey();
      if (defaults.containsKey(key)) put(key, member.getValue());
      else if (!isSection(key)) throw unknown(key);
      else if (member.getValue().isObject()) overlay(key + ".", member.getValue());
      else throw new InvalidConfig("`" + key + "` is a section: write its keys indented below it.");
    }
  }

  private boolean isSection(String key) {
    return defaults.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
  }

  private void set(String key, String text, String where) {
    JsonNode before = defaults.get(key);
    if (before == null || !before.isNumber()) {
      put(key, values.textNode(text));
      return;
    }
    try {
      put(key, values.numberNode(Long.parseLong(text.strip())));
    } catch (NumberFormatException e) {
      throw new InvalidConfig(
          "`" + key + "` is `" + text + "` (" + where + "); it must be a whole number.");
    }
  }

  private void put(String key, JsonNode value) {
    int dot = key.lastIndexOf('.');
    ObjectNode section = dot < 0 ? values : (ObjectNode) values.get(key.substring(0, dot));
    section.set(key.substring(dot + 1), value);
  }

  private ServerConfig bind() {
    try {
      return Yaml.MAPPER.treeToValue(values, ServerConfig.class);
    } catch (JsonMappingException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause())
        if (cause instanceof InvalidConfig own) throw own;
      String key =
          e.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .collect(Collectors.joining("."));
      throw new InvalidConfig(
          "`"
              + key
              + "` is "
              + values.at("/" + key.replace('.', '/'))
              + "; it must be "
              + expected(key)
              + ".");
    } catch (JsonProcessingException e) {
      throw new InvalidConfig("The configuration cannot be read: " + e.getOriginalMessage());
    }
  }

  private String expected(String key) {
    JsonNode before = defaults.get(key);
    return before != null && before.isNumber() ? "a whole number within its range" : "a text";
  }

  private InvalidConfig unknown(String key) {
    var known = new ArrayList<>(defaults.keySet());
    for (String leaf : defaults.keySet())
      if (leaf.contains(".")) known.add(leaf.substring(0, leaf.indexOf('.')));
    String nearest = Collections.min(known, Comparator.comparingInt(k -> distance(key, k)));
    return new InvalidConfig("There is no key `" + key + "`; the nearest is `" + nearest + "`.");
  }

  /** A key in the wrong section is as near as one wrong letter. */
  private static int distance(String key, String known) {
    String name = key.substring(key.lastIndexOf('.') + 1);
    return Math.min(
        Nearest.edits(key, known),
        1 + Nearest.edits(name, known.substring(known.lastIndexOf('.') + 1)));
  }
}
