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

  /**
   * For runs in a world. Left out, the weights of {@code static} are the natural shares, and the
   * graph of {@code skill-it} is measured in runs of a tenth of the length, on each group alone.
   */
  MixerSpec spec(World world, Setting setting) {
    var complete = new TreeMap<>(parameters);
    if (name.equals("static")) complete.putIfAbsent("weights", weights(world));
    if (name.equals("skill-it"))
      complete.putIfAbsent("graph", graph(world, 0.1 * setting.tokens()));
    return new MixerSpec(name, complete);
  }

  private static Map<String, Long> weights(World world) {
    var weights = new TreeMap<String, Long>();
    for (World.Group g : world.groups()) weights.put(g.name(), g.tokens());
    return weights;
  }

  /** By the trained group, then the affected one: how much of its loss that takes away. */
  private static Map<String, Map<String, Double>> graph(World world, double tokens) {
    var graph = new TreeMap<String, Map<String, Double>>();
    for (int j = 0; j < world.size(); j++) {
      var model = new SyntheticModel(world);
      double[] before = model.losses();
      double[] alone = new double[world.size()];
      alone[j] = tokens;
      model.train(alone);
      var row = new TreeMap<String, Double>();
      for (int i = 0; i < world.size(); i++)
        row.put(world.groups().get(i).name(), (before[i] - model.loss(i)) / before[i]);
      graph.put(world.groups().get(j).name(), row);
    }
    return graph;
  }
}
