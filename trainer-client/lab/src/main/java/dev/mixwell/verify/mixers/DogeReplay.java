package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.mixer.Alignment;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code DOGE}. An event is one optimizer step: {@code lr}, {@code gram_train_x_target}
 * [m][targets] and {@code train_grad_norms} [m]. A group that was not in the step has its old
 * gradient there, as the source's trainer keeps it, so every group is reported.
 */
final class DogeReplay implements Replay {
  /** Places of the mixture's groups and of the targets among all. */
  @SuppressWarnings("ArrayRecordComponent") // read once from a file of vectors, and not changed
  private record Ids(int[] train, int[] target) {}

  @Override
  public void replay(VectorFile file, Deviations deviations) {
    int groups = file.groups();
    Ids ids = ids(file.config(), groups);
    Mixer mixer = Replay.mixer("doge", parameters(file, ids), new long[groups]);
    Decision decided =
        mixer.start(
            VectorFile.isGiven(file.initial())
                ? Replay.proportions(file.initial(), "initial_proportions")
                : null);
    for (int i = 0; i < file.events().size(); i++) {
      JsonNode event = file.events().get(i);
      String where = "step " + event.path("step").asLong(i + 1L);
      decided = mixer.fold(decided.state(), observation(i + 1L, event, ids, decided.p()));
      JsonNode expected = event.required("expected");
      deviations.vector(where, "proportions", decided.p().toArray(), expected.path("proportions"));
      deviations.vector(
          where,
          "avg_proportions",
          decided.state().vector("average"),
          expected.path("avg_proportions"));
      deviations.vector(where, "scores", decided.state().vector("score"), expected.path("scores"));
    }
  }

  private static Observation observation(long t, JsonNode event, Ids ids, Proportions q) {
    int groups = ids.train.length;
    JsonNode gram = event.required("gram_train_x_target");
    if (gram.size() != groups)
      throw new IllegalArgumentException("`gram_train_x_target` has " + gram.size() + " rows");
    double[] sums = new double[groups];
    double[] own = new double[groups];
    for (int j = 0; j < groups; j++) {
      double[] products = VectorFile.numbers(gram.get(j), "gram_train_x_target", ids.target.length);
      for (int i = 0; i < products.length; i++) {
        sums[j] += products[i];
        if (ids.target[i] == ids.train[j]) own[j] = products[i];
      }
    }
    boolean[] seen = new boolean[groups];
    Arrays.fill(seen, true);
    var alignment =
        new Alignment(
            VectorFile.number(event.required("lr"), "lr"),
            sums,
            own,
            VectorFile.numbers(event.required("train_grad_norms"), "train_grad_norms", groups),
            seen);
    return new Observation(
        t, q, new double[groups], new long[groups], new long[groups], alignment, LossHistory.NONE);
  }

  /** Without ids the groups are the targets. */
  private static Ids ids(JsonNode config, int groups) {
    int[] all = new int[groups];
    Arrays.setAll(all, i -> i);
    int[] train = ids(config, "train_ids", all);
    int[] target = ids(config, "target_ids", all);
    if (train.length != groups)
      throw new IllegalArgumentException(
          "`train_ids` are not one for each of " + groups + " groups");
    if (config.path("target_size").asInt(target.length) != target.length)
      throw new IllegalArgumentException("`target_size` is not the number of `target_ids`");
    return new Ids(train, target);
  }

  private static int[] ids(JsonNode config, String name, int[] fallback) {
    if (!VectorFile.isGiven(config.path(name))) return fallback;
    double[] numbers = VectorFile.numbers(config.path(name), name);
    int[] ids = new int[numbers.length];
    for (int i = 0; i < ids.length; i++) ids[i] = (int) numbers[i];
    return ids;
  }

  private static Map<String, Object> parameters(VectorFile file, Ids ids) {
    var parameters = new TreeMap<String, Object>(Map.of("variant", "reference"));
    file.copy("mu", "mu", parameters);
    file.copy("dw_min", "dwMin", parameters);
    file.copy("dw_max", "dwMax", parameters);
    file.copy("reweight_eps", "smoothing", parameters);
    JsonNode leaveOneOut = file.config().path("leave_one_out");
    if (VectorFile.isGiven(leaveOneOut)) {
      if (!leaveOneOut.isBoolean())
        throw new IllegalArgumentException("`leave_one_out` is neither true nor false");
      boolean isApplied = leaveOneOut.booleanValue() && isSameSet(ids); // else the code does not
      parameters.put("leaveOneOut", isApplied);
    }
    return parameters;
  }

  private static boolean isSameSet(Ids ids) {
    int[] train = ids.train.clone();
    int[] target = ids.target.clone();
    Arrays.sort(train);
    Arrays.sort(target);
    return Arrays.equals(train, target);
  }
}
