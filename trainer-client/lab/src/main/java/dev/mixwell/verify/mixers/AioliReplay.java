package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.mixer.aioli.Aioli;
import dev.mixwell.mixer.aioli.ProbeOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code AIOLI}, {@code AIOLI-STATIC}, {@code AIOLI-DIAGONAL}: an event is one round with the
 * losses at its start and at the end of each segment. {@code AIOLI/probe-batch-counts}: an event is
 * a probe as the authors' code cuts it to whole rows.
 */
final class AioliReplay implements Replay {
  @Override
  public void replay(VectorFile file, Deviations deviations) {
    if (file.method().endsWith("/probe-batch-counts"))
      for (int i = 0; i < file.events().size(); i++)
        probe("event " + i, file.events().get(i), deviations);
    else new Rounds(file).replay(deviations);
  }

  private static void probe(String where, JsonNode event, Deviations deviations) {
    int groups = count(event, "m");
    int batchRows = count(event, "batch");
    int probed = count(event, "group");
    double oneHot = VectorFile.number(event.required("one_hot_factor"), "one_hot_factor");
    var parameters =
        new TreeMap<String, Object>(Map.of("epsilon", epsilon(oneHot, groups), "variant", "paper"));
    deviations.vector(
        where, "nominal", probe(parameters, groups, batchRows, probed), event.path("nominal"));
    parameters.put("variant", "reference");
    double[] realised = probe(parameters, groups, batchRows, probed);
    JsonNode expected = event.required("expected");
    deviations.vector(where, "realised", realised, expected.path("realised"));
    if (!expected.path("valid").asBoolean(false)) return; // counts below 0, which nobody can serve
    for (int i = 0; i < groups; i++) realised[i] *= batchRows;
    deviations.vector(where, "reference_counts", realised, expected.path("reference_counts"));
  }

  private static double[] probe(
      Map<String, Object> parameters, int groups, int batchRows, int probed) {
    Mixer mixer = Replay.mixer("aioli", parameters, new long[groups], batchRows);
    return served((Aioli) mixer, (round, segment) -> probed, 0);
  }

  private static double[] served(Aioli mixer, ProbeOrder order, long offset) {
    return mixer.inOrder(order).phase(offset) instanceof Phase.Probe probe
        ? probe.p().toArray()
        : new double[0];
  }

  /** o = 1 - eps + eps/m. */
  private static double epsilon(double oneHot, int groups) {
    return groups == 1 ? 0 : (1 - oneHot) * groups / (groups - 1);
  }

  private static int count(JsonNode node, String member) {
    JsonNode value = node.required(member);
    if (!value.isInt()) throw new IllegalArgumentException("`" + member + "` is no whole number");
    return value.intValue();
  }

  /** One file's rounds. */
  private static final class Rounds {
    private final VectorFile file;
    private final JsonNode config;
    private final int groups;
    private final int segmentSteps;
    private final long roundSteps;
    private final long initialSteps;
    private final Aioli mixer;

    Rounds(VectorFile file) {
      this.file = file;
      this.config = file.config();
      this.groups = config.has("m") ? count(config, "m") : file.initial().size();
      this.segmentSteps = count(config, "lp_steps_per_segment");
      this.roundSteps = count(config, "round_steps");
      this.initialSteps = isGiven("S_init") && isGiven("p_init") ? count(config, "S_init") : 0;
      this.mixer = (Aioli) Replay.mixer("aioli", parameters(), new long[groups]);
    }

    private boolean isGiven(String member) {
      return VectorFile.isGiven(config.path(member));
    }

    private double number(String member) {
      return VectorFile.number(config.required(member), member);
    }

    private Map<String, Object> parameters() {
      var parameters = new TreeMap<String, Object>();
      boolean isDiagonal = config.path("diagonal").asBoolean(false);
      parameters.put("variant", isDiagonal ? "diagonal" : "paper");
      parameters.put("roundSteps", roundSteps);
      if (isGiven("T")) parameters.put("rounds", count(config, "T"));
      parameters.put("sweeps", count(config, "lp_rounds_k"));
      parameters.put("segmentSteps", segmentSteps);
      double epsilon =
          isGiven("one_hot_factor")
              ? epsilon(number("one_hot_factor"), groups)
              : number("epsilon_equiv");
      parameters.put("epsilon", epsilon);
      parameters.put("eta", number("eta"));
      if (isGiven("ema_gamma")) parameters.put("gamma", number("ema_gamma"));
      if (isGiven("normalize_A"))
        parameters.put("normalize", config.path("normalize_A").asBoolean());
      if (initialSteps > 0) {
        parameters.put("initialSteps", initialSteps);
        parameters.put(
            "initialWeights", byName(VectorFile.numbers(config.path("p_init"), "p_init")));
      }
      return parameters;
    }

    private static Map<String, Object> byName(double[] weights) {
      var names = Replay.groupNames(weights.length);
      var byName = new TreeMap<String, Object>();
      for (int i = 0; i < weights.length; i++) byName.put(names.get(i), weights[i]);
      return byName;
    }

    void replay(Deviations deviations) {
      Decision decided = mixer.start(null);
      if (groups == 1) {
        for (JsonNode event : file.events())
          compare("round", decided, event.required("expected"), deviations);
        return;
      }
      for (int i = 0; i < file.events().size(); i++)
        decided = round(i, file.events().get(i), decided, deviations);
    }

    private Decision round(int index, JsonNode event, Decision before, Deviations deviations) {
      long round = event.path("round").asLong(index + 1L) - 1;
      long start = initialSteps + round * roundSteps;
      JsonNode segments = event.required("segments");
      ProbeOrder order = (n, segment) -> count(segments.get(segment), "group");
      Aioli ordered = mixer.inOrder(order);
      Decision decided =
          ordered.fold(before.state(), observation(start, event.required("loss_start")));
      for (int s = 0; s < segments.size(); s++) {
        long from = start + (long) s * segmentSteps;
        deviations.vector(
            "round %d, segment %d".formatted(round + 1, s),
            "probe_proportions",
            served(mixer, order, from),
            segments.get(s).path("probe_proportions"));
        var seen = observation(from + segmentSteps, segments.get(s).required("val_loss"));
        decided = ordered.fold(decided.state(), seen);
      }
      compare("round " + (round + 1), decided, event.required("expected"), deviations);
      return decided;
    }

    /** Losses before the step at an offset; null stands for one that cannot be used. */
    private Observation observation(long offset, JsonNode losses) {
      double[] lossSum = new double[groups];
      long[] tokens = new long[groups];
      for (int i = 0; i < groups; i++) {
        JsonNode loss = losses.path(i);
        if (!VectorFile.isGiven(loss)) continue;
        lossSum[i] = VectorFile.number(loss, "loss");
        tokens[i] = 1; // a mean is the sum over one token
      }
      return new Observation(offset + 1, Proportions.uniform(groups), lossSum, tokens);
    }

    private void compare(String where, Decision decided, JsonNode expected, Deviations deviations) {
      deviations.vector(where, "proportions", decided.p().toArray(), expected.path("proportions"));
      matrix(where, "beta", "beta", decided, expected, deviations);
      matrix(where, "A", "A", decided, expected, deviations);
      matrix(where, "A_bar", "ABar", decided, expected, deviations);
      matrix(where, "A_ema", "E", decided, expected, deviations);
    }

    private void matrix(
        String where,
        String member,
        String vector,
        Decision decided,
        JsonNode expected,
        Deviations deviations) {
      JsonNode rows = expected.path(member);
      if (!VectorFile.isGiven(rows) || groups == 1) return;
      double[] flat = decided.state().vector(vector);
      for (int i = 0; i < groups; i++)
        deviations.vector(
            where,
            member + "[" + i + "]",
            Arrays.copyOfRange(flat, i * groups, (i + 1) * groups),
            rows.path(i));
    }
  }
}
