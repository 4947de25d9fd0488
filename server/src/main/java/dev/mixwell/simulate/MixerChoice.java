package dev.mixwell.simulate;

import dev.mixwell.api.MixerSpec;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mixer as it is named on a command line: {@code name[:variant][:parameter=value]...}.
 *
 * @param label as it was written
 */
record MixerChoice(String label, String name, Map<String, Object> parameters) {
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?");

  static MixerChoice parse(String label) {
    String[] parts = label.split(":", -1);
    var parameters = new TreeMap<String, Object>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 0) parameters.put("variant", parts[i]);
      else parameters.put(parts[i].substring(0, equals), value(parts[i].substring(equals + 1)));
    }
    return new MixerChoice(label, parts[0], parameters);
  }

  private static Object value(String text) {
    Matcher number = NUMBER.matcher(text);
    if (number.matches()) return Double.valueOf(text);
    return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
  }

  /** For a world; {@code static} without weights takes the groups' natural shares. */
  MixerSpec spec(World world) {
    if (!name.equals("static") || parameters.containsKey("weights"))
      return new MixerSpec(name, parameters);
    var weights = new TreeMap<String, Object>();
    for (World.Group g : world.groups()) weights.put(g.name(), g.tokens());
    var natural = new TreeMap<>(parameters);
    natural.put("weights", weights);
    return new MixerSpec(name, natural);
  }
}
