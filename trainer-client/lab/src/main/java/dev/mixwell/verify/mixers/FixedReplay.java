package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.rules.Temperature;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code STATIC} (events of weights) and {@code TEMPERATURE} (events of sizes and tau): a mixer an
 * event.
 */
final class FixedReplay implements Replay {
  @Override
  public void replay(VectorFile file, Deviations deviations) {
    boolean isStatic = file.family().equals("STATIC");
    for (int i = 0; i < file.events().size(); i++) {
      if (isStatic) weights("event " + i, file.events().get(i), deviations);
      else sizes("event " + i, file.events().get(i), deviations);
    }
  }

  private static void weights(String where, JsonNode event, Deviations deviations) {
    double[] weights = VectorFile.numbers(event.required("weights"), "weights");
    var names = Replay.groupNames(weights.length);
    var byGroup = new TreeMap<String, Object>();
    for (int i = 0; i < weights.length; i++) byGroup.put(names.get(i), weights[i]);
    JsonNode expected = event.required("expected");
    var tokens = new long[weights.length];
    deviations.vector(
        where,
        "proportions",
        p(Replay.mixer("static", Map.of("weights", byGroup), tokens)),
        expected.path("proportions"));
    deviations.vector(
        where,
        "stratified",
        p(Replay.mixer("stratified", Map.of(), tokens)),
        expected.path("stratified"));
  }

  private static void sizes(String where, JsonNode event, Deviations deviations) {
    double[] sizes = VectorFile.numbers(event.required("sizes"), "sizes");
    double exponent = VectorFile.number(event.required("tau"), "tau");
    deviations.vector(
        where,
        "proportions",
        tempered(sizes, exponent),
        event.required("expected").path("proportions"));
  }

  /** By the mixer; by its rule where a size is no count of tokens. */
  private static double[] tempered(double[] sizes, double exponent) {
    long[] tokens = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      tokens[i] = (long) sizes[i];
      if (tokens[i] != sizes[i]) return Temperature.shares(sizes, exponent);
    }
    return p(Replay.mixer("temperature", Map.of("exponent", exponent), tokens));
  }

  private static double[] p(Mixer mixer) {
    return mixer.start(null).p().toArray();
  }
}
