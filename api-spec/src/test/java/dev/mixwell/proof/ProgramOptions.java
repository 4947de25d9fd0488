package dev.mixwell.proof;

import java.util.Map;
import java.util.TreeMap;

/** The options of a program that measures: names, each with a value. */
public record ProgramOptions(Map<String, String> values) {
  /**
   * @param defaults of all options there are
   * @throws IllegalArgumentException in a sentence, if the arguments are no such options
   */
  public static ProgramOptions parse(String[] arguments, Map<String, String> defaults) {
    var values = new TreeMap<>(defaults);
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      if (!defaults.containsKey(name))
        throw new IllegalArgumentException(
            "There is no option %s; there are %s."
                .formatted(name, String.join(", ", new TreeMap<>(defaults).keySet())));
      if (i + 1 == arguments.length)
        throw new IllegalArgumentException("The option %s needs a value.".formatted(name));
      values.put(name, arguments[i + 1]);
    }
    return new ProgramOptions(values);
  }

  public String text(String name) {
    return values.getOrDefault(name, "");
  }

  /**
   * @throws IllegalArgumentException in a sentence, if it is no number or below {@code least}
   */
  public int number(String name, int least) {
    try {
      int number = Integer.parseInt(text(name));
      if (number >= least) return number;
    } catch (NumberFormatException e) {
      // It is refused below.
    }
    throw new IllegalArgumentException(
        "%s needs a whole number of at least %,d, and got %s.".formatted(name, least, text(name)));
  }
}
