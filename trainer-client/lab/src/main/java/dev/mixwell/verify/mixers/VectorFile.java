package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One case: what a trainer reported, event by event, and what is expected after each.
 *
 * @param method such as {@code ODM/paper}
 * @param name of the case, such as {@code ODM-13}
 * @param tolerance largest error allowed
 * @param config the method's own names for its parameters
 * @param initial proportions before the first event; missing or null where the method has none
 */
record VectorFile(
    String method,
    String name,
    double tolerance,
    JsonNode config,
    JsonNode initial,
    List<JsonNode> events) {
  /**
   * Reads a file.
   *
   * @throws dev.mixwell.base.Refusal if it is no JSON
   * @throws IllegalArgumentException naming the member that is missing or of another type
   */
  static VectorFile read(Path file) throws IOException {
    JsonNode tree = Json.tree(Files.readAllBytes(file));
    var events = new ArrayList<JsonNode>();
    tree.required("events").forEach(events::add);
    if (events.isEmpty()) throw new IllegalArgumentException("`events` is empty");
    return new VectorFile(
        text(tree, "method"),
        text(tree, "case"),
        number(tree.required("tolerance"), "tolerance"),
        tree.path("config"),
        tree.path("initial_proportions"),
        List.copyOf(events));
  }

  /** The method's first word: {@code ODM} of {@code ODM/paper}. */
  String family() {
    return method.split("/", 2)[0];
  }

  /** How many groups there are, by {@code config.m} or the initial proportions. */
  int groups() {
    JsonNode m = config.path("m");
    if (m.isInt()) return m.intValue();
    if (initial.isArray()) return initial.size();
    throw new IllegalArgumentException(
        "neither `config.m` nor `initial_proportions` says how many groups there are");
  }

  /** Passes a number of the configuration on, under the mixer's name for it, if it is given. */
  void copy(String name, String parameter, Map<String, Object> parameters) {
    JsonNode value = config.path(name);
    if (isGiven(value)) parameters.put(parameter, number(value, name));
  }

  private static String text(JsonNode tree, String member) {
    JsonNode value = tree.required(member);
    if (!value.isTextual()) throw new IllegalArgumentException("`" + member + "` is no text");
    return value.textValue();
  }

  /** A JSON number. */
  static double number(JsonNode value, String what) {
    if (!value.isNumber()) throw new IllegalArgumentException("`" + what + "` is no number");
    return value.doubleValue();
  }

  /** A whole JSON number. */
  static long count(JsonNode value, String what) {
    if (!value.isIntegralNumber())
      throw new IllegalArgumentException("`" + what + "` is no whole number");
    return value.longValue();
  }

  /** A JSON array of numbers. */
  static double[] numbers(JsonNode values, String what) {
    if (!values.isArray()) throw new IllegalArgumentException("`" + what + "` is no array");
    double[] numbers = new double[values.size()];
    for (int i = 0; i < numbers.length; i++) numbers[i] = number(values.get(i), what);
    return numbers;
  }

  /** A JSON array of {@code count} numbers. */
  static double[] numbers(JsonNode values, String what, int count) {
    double[] numbers = numbers(values, what);
    if (numbers.length == count) return numbers;
    throw new IllegalArgumentException(
        "`" + what + "` has " + numbers.length + " numbers where " + count + " are expected");
  }

  /**
   * A JSON array of {@code count} numbers or nulls; NaN stands for null, which JSON cannot hold.
   */
  static double[] numbersOrNulls(JsonNode values, String what, int count) {
    double[] numbers = new double[values.size()];
    if (!values.isArray() || numbers.length != count)
      throw new IllegalArgumentException("`" + what + "` is no array of " + count);
    for (int i = 0; i < count; i++)
      numbers[i] = values.get(i).isNull() ? Double.NaN : number(values.get(i), what);
    return numbers;
  }

  /** Whether a number or an array is given: absent and null both mean no. */
  static boolean isGiven(JsonNode value) {
    return !value.isMissingNode() && !value.isNull();
  }
}
