package dev.mixwell.mixer;

import dev.mixwell.base.Json;
import dev.mixwell.base.Nearest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one specification, read by name. Each reader refuses a value of the wrong type
 * or out of range, and notes that its parameter was read. Owned by one thread.
 */
public final class Parameters {
  private final String mixer;
  private final String path;
  private final Map<String, Object> values;
  private final Defaults defaults;
  private final Set<String> read = new TreeSet<>();
  private final List<Parameters> inner = new ArrayList<>();

  /** Hears which defaults stand in for parameters that were not given. */
  @FunctionalInterface
  interface Defaults {
    void taken(String name, Object fallback);
  }

  /**
   * @param mixer its name, for refusals
   * @param values as read from JSON or YAML
   */
  Parameters(String mixer, Map<String, Object> values) {
    this(mixer, "", values, (name, fallback) -> {});
  }

  /**
   * @param path of the object that holds the values, such as {@code points[2].}
   */
  Parameters(String mixer, String path, Map<String, Object> values, Defaults defaults) {
    this.mixer = mixer;
    this.path = path;
    this.values = values;
    this.defaults = defaults;
  }

  /** Whether it is given; to ask is not to read it. */
  public boolean has(String name) {
    return values.get(name) != null;
  }

  /** Reads it; null if it is not given. */
  private @Nullable Object value(String name) {
    read.add(name);
    return values.get(name);
  }

  /** What was read, given or not. */
  Set<String> read() {
    return Collections.unmodifiableSet(read);
  }

  /** Refuses what was given and not read: under the other parameters it would say nothing. */
  void refuseUnread() {
    for (String name : values.keySet())
      if (has(name) && !read.contains(name))
        throw refuse(name, "means nothing with the others as they are. Leave it out.");
    inner.forEach(Parameters::refuseUnread);
  }

  private <T> T taken(String name, T fallback) {
    defaults.taken(path + name, fallback);
    return fallback;
  }

  /** A finite number from {@code least} to {@code most}, both included. */
  public double number(String name, double fallback, double least, double most) {
    Object value = value(name);
    if (value == null) return taken(name, fallback);
    if (value instanceof Number n && n.doubleValue() >= least && n.doubleValue() <= most)
      return n.doubleValue();
    throw refusal(name, "a number from " + least + " to " + most + " is expected");
  }

  /** A whole number from {@code least} to {@code most}, both included. */
  public long count(String name, long fallback, long least, long most) {
    Object value = value(name);
    if (value == null) return taken(name, fallback);
    if (value instanceof Number n
        && n.doubleValue() == n.longValue()
        && n.longValue() >= least
        && n.longValue() <= most) return n.longValue();
    throw refusal(name, "a whole number from " + least + " to " + most + " is expected");
  }

  public boolean flag(String name, boolean fallback) {
    Object value = value(name);
    if (value == null) return taken(name, fallback);
    if (value instanceof Boolean flag) return flag;
    throw refusal(name, "true or false is expected");
  }

  /** One of a few words. */
  public String choice(String name, String fallback, List<String> choices) {
    Object value = value(name);
    if (value == null) return taken(name, fallback);
    if (value instanceof String word) {
      if (choices.contains(word)) return word;
      throw refusal(
          name,
          "did you mean `"
              + Nearest.of(word, choices)
              + "`? Possible are: "
              + String.join(", ", choices));
    }
    throw refusal(name, "one of these is expected: " + String.join(", ", choices));
  }

  /**
   * One weight for each group, by its name: [m] finite, not negative, not all 0. There is no
   * fallback.
   */
  public double[] weights(String name, List<String> groups) {
    if (!(value(name) instanceof Map<?, ?> byGroup))
      throw refusal(
          name, "an object with one number for each of the groups " + groups + " is expected");
    checkNames(name, byGroup, groups);
    double[] weights = new double[groups.size()];
    double largest = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(byGroup.get(groups.get(i)) instanceof Number n))
        throw refuse(
            name, "has no number for the group `%s`; 0 leaves a group out.", groups.get(i));
      weights[i] = n.doubleValue();
      if (!(weights[i] >= 0 && weights[i] <= Double.MAX_VALUE))
        throw refuse(
            name,
            "is %s for the group `%s`; a finite number of at least 0 is expected.",
            n,
            groups.get(i));
      largest = Math.max(largest, weights[i]);
    }
    if (largest == 0) throw refuse(name, "is 0 for every group; at least one must be above 0.");
    return weights;
  }

  /**
   * A number for each pair of groups: rows as a list of lists in the run's order of groups, or as
   * {@code {row: {column: number}}}. There is no fallback.
   *
   * @param most largest absolute value
   * @return [m][m], row, then column
   */
  public double[][] matrix(String name, List<String> groups, double most) {
    double[][] matrix = new double[groups.size()][groups.size()];
    List<Object> rows = entries(name, value(name), groups);
    for (int row = 0; row < matrix.length; row++) {
      List<Object> cells = entries(name, rows.get(row), groups);
      for (int column = 0; column < matrix.length; column++) {
        if (!(cells.get(column) instanceof Number n && Math.abs(n.doubleValue()) <= most))
          throw refuse(
              name,
              "is %s in row `%s`, column `%s`; a number from %s to %s is expected.",
              shown(cells.get(column)),
              groups.get(row),
              groups.get(column),
              -most,
              most);
        matrix[row][column] = n.doubleValue();
      }
    }
    return matrix;
  }

  /** One entry a group: of a list in the run's order, or of an object by name. */
  private List<Object> entries(String name, @Nullable Object given, List<String> groups) {
    var entries = new ArrayList<Object>(groups.size());
    if (given instanceof List<?> list) entries.addAll(list);
    else if (given instanceof Map<?, ?> byGroup) {
      checkNames(name, byGroup, groups);
      for (String group : groups)
        if (byGroup.get(group) instanceof Object entry) entries.add(entry);
    } else
      throw refusal(
          name, "rows of numbers are expected, as lists or by name, for the groups " + groups);
    if (entries.size() != groups.size())
      throw refuse(
          name,
          "has %s entries where one for each of the groups %s is expected.",
          entries.size(),
          groups);
    return entries;
  }

  /**
   * A list of 1 to {@code most} objects, each with no other members than {@code members}. There is
   * no fallback.
   */
  public List<Parameters> objects(String name, List<String> members, int most) {
    if (!(value(name) instanceof List<?> list))
      throw refusal(name, "a list of objects with " + members + " is expected");
    if (list.isEmpty() || list.size() > most)
      throw refuse(name, "has %s entries; 1 to %s are expected.", list.size(), most);
    var objects = new ArrayList<Parameters>(list.size());
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof Map<?, ?> object))
        throw refuse(name, "has no object at place %s; %s are expected.", i, members);
      var given = new TreeMap<String, Object>();
      for (Map.Entry<?, ?> member : object.entrySet()) {
        String key = String.valueOf(member.getKey());
        if (!members.contains(key))
          throw refuse(
              name, "has `%s` at place %s; did you mean `%s`?", key, i, Nearest.of(key, members));
        if (member.getValue() != null) given.put(key, member.getValue());
      }
      objects.add(new Parameters(mixer, path + name + "[" + i + "].", given, defaults));
    }
    inner.addAll(objects);
    return objects;
  }

  /**
   * Refuses runs of more groups than the mixer can mix.
   *
   * @param because why not more
   */
  public void checkGroups(int groups, int most, String because) {
    if (groups > most)
      throw new Refusal(
          ProblemType.INVALID_MIXER,
          "The mixer `%s` mixes at most %s groups, because %s; the run has %s."
              .formatted(mixer, most, because, groups));
  }

  /**
   * Refuses the parameter if it is given: what it would set does not exist under the other
   * parameters.
   */
  public void refuseIfGiven(String name, String because) {
    if (value(name) != null) throw refuse(name, "means nothing here: %s. Leave it out.", because);
  }

  /** A value that is of its type but does not go with the others. */
  public Refusal refusal(String name, String expected) {
    Object value = values.get(name);
    return value == null
        ? refuse(name, "is missing; %s.", expected)
        : refuse(name, "is %s; %s.", shown(value), expected);
  }

  private Refusal refuse(String name, String what, Object... details) {
    return new Refusal(
        ProblemType.INVALID_MIXER,
        "The parameter `"
            + path
            + name
            + "` of the mixer `"
            + mixer
            + "` "
            + what.formatted(details));
  }

  private void checkNames(String name, Map<?, ?> byGroup, List<String> groups) {
    for (Object key : byGroup.keySet())
      if (!groups.contains(String.valueOf(key)))
        throw refuse(
            name,
            "names `%s`, which is no group of this run; did you mean `%s`?",
            key,
            Nearest.of(String.valueOf(key), groups));
  }

  private static String shown(Object value) {
    String text = value instanceof Number ? value.toString() : Json.write(value);
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
