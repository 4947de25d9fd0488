package dev.mixwell.mixer;

import dev.mixwell.api.Json;
import dev.mixwell.api.Nearest;
import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.util.List;
import java.util.Map;

/**
 * The parameters of one specification, read by name. Each reader refuses a value of the wrong type
 * or out of range. Immutable.
 */
public final class Parameters {
  private final String mixer;
  private final Map<String, Object> values;

  /**
   * @param mixer its name, for refusals
   * @param values as read from JSON or YAML
   */
  Parameters(String mixer, Map<String, Object> values) {
    this.mixer = mixer;
    this.values = values;
  }

  public boolean has(String name) {
    return values.get(name) != null;
  }

  /** A finite number from {@code least} to {@code most}, both included. */
  public double number(String name, double fallback, double least, double most) {
    if (!has(name)) return fallback;
    if (values.get(name) instanceof Number n && n.doubleValue() >= least && n.doubleValue() <= most)
      return n.doubleValue();
    throw refusal(name, "a number from " + least + " to " + most + " is expected");
  }

  /** A whole number from {@code least} to {@code most}, both included. */
  public long count(String name, long fallback, long least, long most) {
    if (!has(name)) return fallback;
    if (values.get(name) instanceof Number n
        && n.doubleValue() == n.longValue()
        && n.longValue() >= least
        && n.longValue() <= most) return n.longValue();
    throw refusal(name, "a whole number from " + least + " to " + most + " is expected");
  }

  public boolean flag(String name, boolean fallback) {
    if (!has(name)) return fallback;
    if (values.get(name) instanceof Boolean flag) return flag;
    throw refusal(name, "true or false is expected");
  }

  /** One of a few words. */
  public String choice(String name, String fallback, List<String> choices) {
    if (!has(name)) return fallback;
    if (values.get(name) instanceof String word) {
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
    if (!(values.get(name) instanceof Map<?, ?> byGroup))
      throw refusal(
          name, "an object with one number for each of the groups " + groups + " is expected");
    for (Object key : byGroup.keySet())
      if (!groups.contains(String.valueOf(key)))
        throw refuse(
            name,
            "names `%s`, which is no group of this run; did you mean `%s`?",
            key,
            Nearest.of(String.valueOf(key), groups));
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
   * Refuses the parameter if it is given: what it would set does not exist under the other
   * parameters.
   */
  public void refuseIfGiven(String name, String because) {
    if (has(name)) throw refuse(name, "means nothing here: %s. Leave it out.", because);
  }

  private Refusal refusal(String name, String expected) {
    Object value = values.get(name);
    return value == null
        ? refuse(name, "is missing; %s.", expected)
        : refuse(name, "is %s; %s.", shown(value), expected);
  }

  private Refusal refuse(String name, String what, Object... details) {
    return new Refusal(
        ProblemType.INVALID_MIXER,
        "The parameter `" + name + "` of the mixer `" + mixer + "` " + what.formatted(details));
  }

  private static String shown(Object value) {
    String text = value instanceof Number ? value.toString() : Json.write(value);
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
