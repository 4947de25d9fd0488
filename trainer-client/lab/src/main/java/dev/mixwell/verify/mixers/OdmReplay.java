package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code ODM/paper}, {@code ODM/smoothed_mean-group}, {@code -single}, {@code ODM/exp3-group},
 * {@code -single}.
 *
 * <p>An event is one optimizer step: {@code groups} and their {@code mean_loss}, or one {@code arm}
 * and its {@code loss}. The importance weight is {@code proportions_at_sampling} where the event
 * has it, else the proportions decided before. The sources do not clip losses, so neither does the
 * mixer here.
 */
final class OdmReplay implements Replay {
  @Override
  public void replay(VectorFile file, Deviations deviations) {
    int groups = file.groups();
    Mixer mixer = Replay.mixer("odm", parameters(file), new long[groups]);
    boolean isInitialGiven = VectorFile.isGiven(file.initial());
    Decision decided =
        mixer.start(
            isInitialGiven ? Replay.proportions(file.initial(), "initial_proportions") : null);
    for (int i = 0; i < file.events().size(); i++) {
      JsonNode event = file.events().get(i);
      long t = event.path("iteration").asLong(i + 1L);
      Decision before = decided;
      decided = mixer.fold(before.state(), observation(event, t, groups, before.p()));
      compare("iteration " + t, before, decided, event.required("expected"), deviations);
    }
  }

  private static void compare(
      String where, Decision before, Decision after, JsonNode expected, Deviations deviations) {
    deviations.vector(where, "proportions", after.p().toArray(), expected.path("proportions"));
    deviations.vector(
        where, "estimated_reward", after.state().vector("R"), expected.path("estimated_reward"));
    deviations.scalar(where, "eps", after.state().scalar("eps"), expected.path("eps"));
    if (expected.path("updated").asBoolean())
      deviations.scalar(where, "prev_eps", before.state().scalar("eps"), expected.path("prev_eps"));
  }

  private static Observation observation(JsonNode event, long t, int groups, Proportions decided) {
    JsonNode sampled = event.path("proportions_at_sampling");
    Proportions q =
        VectorFile.isGiven(sampled)
            ? Replay.proportions(sampled, "proportions_at_sampling")
            : decided;
    double[] lossSum = new double[groups];
    long[] tokens = new long[groups];
    boolean isOneArm = event.has("arm");
    JsonNode losses = event.required(isOneArm ? "loss" : "mean_loss");
    JsonNode seen = event.required(isOneArm ? "arm" : "groups");
    int count = isOneArm ? 1 : seen.size();
    if (!isOneArm && losses.size() != count)
      throw new IllegalArgumentException(
          "iteration " + t + ": a loss for each of `groups` is expected");
    for (int i = 0; i < count; i++) {
      JsonNode group = isOneArm ? seen : seen.get(i);
      if (!group.isInt() || group.intValue() < 0 || group.intValue() >= groups)
        throw new IllegalArgumentException("iteration " + t + ": there is no group " + group);
      lossSum[group.intValue()] = VectorFile.number(isOneArm ? losses : losses.get(i), "loss");
      tokens[group.intValue()] = 1; // a mean is the sum over one token
    }
    return new Observation(t, q, lossSum, tokens);
  }

  /**
   * The mixer's parameters for the sources' names; what is absent or null keeps the source's
   * default.
   */
  private static Map<String, Object> parameters(VectorFile file) {
    JsonNode config = file.config();
    String[] form = file.method().replaceFirst("^ODM/", "").split("-", 2); // variant, then update
    String variant = config.path("variant").asText(form[0]);
    var parameters = new TreeMap<String, Object>(Map.of("lossClip", 0, "variant", variant));
    if (variant.equals("smoothed_mean")) {
      parameters.put("variant", "reference");
      parameters.put("update", config.path("update").asText(form.length > 1 ? form[1] : "group"));
      parameters.put("alpha", 0.9); // that class's own default
    }
    if (!variant.equals("exp3")) {
      file.copy("smoothing_factor", "alpha", parameters);
      file.copy("alpha", "alpha", parameters);
    } else file.copy("reward_divisor", "rewardDivisor", parameters);
    file.copy("warmup_steps", "warmupSteps", parameters);
    file.copy("update_frequency", "updateFrequency", parameters);
    return parameters;
  }
}
