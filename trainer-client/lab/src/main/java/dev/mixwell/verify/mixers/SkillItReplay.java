package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code SKILL-IT}. An event is one round: the evaluations since the last update, in order, then
 * the proportions of the next. The initial proportions are those of the mixer's own start.
 */
final class SkillItReplay implements Replay {
  @Override
  public void replay(VectorFile file, Deviations deviations) {
    int groups = file.groups();
    Mixer mixer = Replay.mixer("skill-it", parameters(file, groups), new long[groups]);
    Decision decided = mixer.start(null);
    deviations.vector("start", "initial_proportions", decided.p().toArray(), file.initial());
    long t = 0;
    for (int i = 0; i < file.events().size(); i++) {
      JsonNode round = file.events().get(i);
      for (JsonNode evaluation : round.required("val_losses_since_last_update"))
        decided = mixer.fold(decided.state(), observation(++t, evaluation, decided));
      deviations.vector(
          "round " + round.path("round").asLong(i + 1L),
          "proportions",
          decided.p().toArray(),
          round.required("expected").path("proportions"));
    }
  }

  private static Observation observation(long t, JsonNode evaluation, Decision decided) {
    JsonNode losses = evaluation.required("val_loss");
    return Replay.losses(
        t, decided.p(), VectorFile.numbersOrNulls(losses, "val_loss", decided.p().size()));
  }

  private static Map<String, Object> parameters(VectorFile file, int groups) {
    JsonNode config = file.config();
    var parameters = new TreeMap<String, Object>();
    file.copy("eta", "eta", parameters);
    file.copy("update_steps", "updateSteps", parameters);
    file.copy("eval_every_steps", "evaluateSteps", parameters);
    parameters.put("graph", graph(config.path("graph"), groups));
    if (config.has("window")) parameters.put("window", window(file));
    return parameters;
  }

  /** Null, or at least as many as there are, means all evaluations, for which the mixer has 0. */
  private static long window(VectorFile file) {
    JsonNode window = file.config().path("window");
    if (window.isNull()) return 0;
    double given = VectorFile.number(window, "window");
    if (given < 1 || given != StrictMath.rint(given))
      throw new IllegalArgumentException("`window` is " + window + ", not a number of evaluations");
    long evaluations = 0;
    for (JsonNode round : file.events())
      evaluations += round.path("val_losses_since_last_update").size();
    return given < evaluations ? (long) given : 0;
  }

  /** As a run's configuration would have it; the code's own, without one, is the identity. */
  private static Object graph(JsonNode graph, int groups) {
    if (VectorFile.isGiven(graph)) return Json.convert(graph, Object.class);
    var rows = new ArrayList<List<Integer>>();
    for (int i = 0; i < groups; i++) {
      var row = new ArrayList<>(Collections.nCopies(groups, 0));
      row.set(i, 1);
      rows.add(row);
    }
    return rows;
  }
}
