package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code DOREMI/paper}, {@code DOREMI/reference}, {@code DOREMI/aioli-repo}.
 *
 * <p>An event is one optimizer step: {@code clipped_token_mean_excess} by group, or {@code
 * train_loss} and {@code ref_loss}; null for a group that was not in it. The sources update at a
 * step without any group too, where a run's mixer does not: there each group is told what absence
 * means to the source. The initial proportions are the reference weights.
 */
final class DoremiReplay implements Replay {
  @Override
  public void replay(VectorFile file, Deviations deviations) {
    int groups = file.groups();
    Mixer mixer = Replay.mixer("doremi", parameters(file, groups), new long[groups]);
    Decision decided = mixer.start(null);
    for (int i = 0; i < file.events().size(); i++) {
      JsonNode event = file.events().get(i);
      String where = "step " + event.path("step").asLong(i + 1L);
      double[] excess = excess(where, event, groups);
      decided = mixer.fold(decided.state(), observation(i + 1L, excess, decided));
      compare(where, decided, event.required("expected"), deviations);
    }
  }

  private static void compare(
      String where, Decision decided, JsonNode expected, Deviations deviations) {
    MixerState state = decided.state();
    deviations.vector(where, "proportions", state.vector("p"), expected.path("proportions"));
    deviations.vector(
        where, "avg_proportions", state.vector("average"), expected.path("avg_proportions"));
    double[] lambda = state.toMap().get("lambda");
    if (lambda != null) deviations.vector(where, "scores", lambda, expected.path("scores"));
  }

  /** [m] nats per token; NaN for absent groups. */
  private static double[] excess(String where, JsonNode event, int groups) {
    boolean isDifference = event.has("train_loss");
    String name = isDifference ? "train_loss" : "clipped_token_mean_excess";
    double[] values = VectorFile.numbersOrNulls(event.required(name), name, groups);
    if (!isDifference) return values;
    double[] reference = VectorFile.numbersOrNulls(event.required("ref_loss"), "ref_loss", groups);
    for (int i = 0; i < groups; i++) {
      if (Double.isNaN(values[i]) != Double.isNaN(reference[i]))
        throw new IllegalArgumentException(where + ": group " + i + " has one loss of two");
      values[i] -= reference[i];
    }
    return values;
  }

  private static Observation observation(long t, double[] excess, Decision before) {
    double[] sums = excess;
    if (isAbsent(excess)) {
      double[] kept = before.state().toMap().get("lambda");
      sums = kept == null ? new double[excess.length] : kept;
    }
    return Replay.losses(t, before.p(), sums);
  }

  private static boolean isAbsent(double[] excess) {
    for (double e : excess) if (!Double.isNaN(e)) return false;
    return true;
  }

  private static Map<String, Object> parameters(VectorFile file, int groups) {
    JsonNode config = file.config();
    String variant =
        file.method().replaceFirst("^DOREMI/", "").replaceFirst("^aioli-repo$", "aioli");
    var parameters = new TreeMap<String, Object>(Map.of("variant", variant));
    file.copy("eta", "eta", parameters);
    file.copy("eps", "smoothing", parameters);
    file.copy("c", "smoothing", parameters);
    if (VectorFile.isGiven(config.path("vocab")))
      parameters.put(
          "initialExcess", StrictMath.log(VectorFile.number(config.path("vocab"), "vocab")));
    file.copy("initial_scores", "initialExcess", parameters);
    JsonNode absent = config.path("absent_group_score");
    if (VectorFile.isGiven(absent) && VectorFile.number(absent, "absent_group_score") != 0)
      throw new IllegalArgumentException("`absent_group_score` is " + absent + ", not 0");
    checkAverage(config.path("average").asText(), variant);
    if (VectorFile.isGiven(file.initial())) {
      double[] initial = VectorFile.numbers(file.initial(), "initial_proportions", groups);
      var weights = new TreeMap<String, Object>();
      for (int i = 0; i < groups; i++) weights.put(Replay.groupNames(groups).get(i), initial[i]);
      parameters.put("referenceWeights", weights);
    }
    return parameters;
  }

  /** The mean is the variant's own; a file that describes another cannot be replayed. */
  private static void checkAverage(String text, String variant) {
    boolean isFirstSample = text.contains("sample 1");
    if (isFirstSample && !variant.equals("reference")
        || text.contains("excluded") && variant.equals("reference"))
      throw new IllegalArgumentException("`average` is not that of `" + variant + "`: " + text);
  }
}
