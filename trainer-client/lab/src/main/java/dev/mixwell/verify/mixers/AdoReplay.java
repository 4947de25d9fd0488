package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.mixer.ado.Ado;
import dev.mixwell.mixer.ado.Refit;
import dev.mixwell.mixer.ado.ScalingLaw;
import java.util.Iterator;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code ADO}: the update rule, with the laws that the events give in place of fitted ones; {@code
 * ADO/fit}: the fit ({@link AdoFitReplay}).
 *
 * <p>An event is one step: {@code itr} from 0, {@code counts} of sequences, the {@code mean_loss}
 * of each group (null if it is absent), and {@code fitted_params}, a row of a, e and alpha for each
 * group at the steps where the source refits. A fit that is null there, or has a null in it, is an
 * invalid one.
 */
final class AdoReplay implements Replay {
  private static final Set<String> CONFIG =
      Set.of(
          "m",
          "ignore_steps", // of the fit alone
          "start_step",
          "update_interval",
          "task_token_count",
          "batch_size", // the counts say it
          "use_same_step_size",
          "gamma_history",
          "s",
          "blend_p_avg",
          "blend_rho",
          "min_prob",
          "expnt_floor");

  @Override
  public void replay(VectorFile file, Deviations deviations) {
    switch (file.method()) {
      case "ADO" -> replaySteps(file, deviations);
      case "ADO/fit" -> new AdoFitReplay().replay(file, deviations);
      default -> throw new IllegalArgumentException("`method` is neither ADO nor ADO/fit");
    }
  }

  /** Hands out the laws of the current event. Used by one replay. */
  private static final class Given implements Refit {
    private SortedMap<Integer, ScalingLaw> laws = new TreeMap<>();
    private boolean isAsked;

    @Override
    public SortedMap<Integer, ScalingLaw> laws(Observation seen, double[] n) {
      isAsked = true;
      return laws;
    }

    void set(JsonNode rows, int groups) {
      isAsked = false;
      laws = new TreeMap<>();
      if (!VectorFile.isGiven(rows)) return;
      if (rows.size() != groups)
        throw new IllegalArgumentException("`fitted_params` has " + rows.size() + " rows");
      for (int i = 0; i < groups; i++) laws.put(i, law(rows.get(i)));
    }

    private static ScalingLaw law(JsonNode row) {
      if (row.size() != 3)
        throw new IllegalArgumentException("a row of `fitted_params` is not a, e, alpha");
      return new ScalingLaw(number(row.get(0)), number(row.get(1)), number(row.get(2)));
    }

    private static double number(JsonNode value) {
      return value.isNull() ? Double.NaN : VectorFile.number(value, "fitted_params");
    }
  }

  private static void replaySteps(VectorFile file, Deviations deviations) {
    var given = new Given();
    Ado.Rule rule = rule(file);
    int groups = rule.prior().size();
    var mixer = new Ado(rule, given);
    Decision decided = mixer.start(null);
    deviations.vector("start", "proportions", decided.p().toArray(), file.initial());
    for (int i = 0; i < file.events().size(); i++) {
      JsonNode event = file.events().get(i);
      long itr = event.path("itr").asLong(i);
      given.set(event.path("fitted_params"), groups);
      decided = mixer.fold(decided.state(), observation(event, itr, groups, decided.p()));
      if (!given.laws.isEmpty() && !given.isAsked)
        throw new IllegalArgumentException(
            "itr " + itr + ": there are `fitted_params` where no fit is due");
      compare("itr " + itr, decided, event.required("expected"), deviations);
    }
  }

  private static void compare(
      String where, Decision decided, JsonNode expected, Deviations deviations) {
    double[] p = decided.p().toArray();
    deviations.vector(where, "proportions", p, expected.path("proportions"));
    deviations.vector(where, "proportions_raw", p, expected.path("proportions_raw"));
    var state = decided.state();
    deviations.vector(where, "p_history", state.vector("h"), expected.path("p_history"));
    deviations.vector(where, "p_avg", state.vector("pAvg"), expected.path("p_avg"));
    deviations.vector(where, "imputed_loss", state.vector("loss"), expected.path("imputed_loss"));
  }

  private static Observation observation(JsonNode event, long itr, int groups, Proportions q) {
    double[] counts = VectorFile.numbers(event.required("counts"), "counts");
    JsonNode losses = event.required("mean_loss");
    if (counts.length != groups || losses.size() != groups)
      throw new IllegalArgumentException(
          "itr " + itr + ": a count and a loss for each of " + groups + " groups is expected");
    double[] lossSum = new double[groups];
    long[] tokens = new long[groups];
    long[] rows = new long[groups];
    for (int i = 0; i < groups; i++) {
      rows[i] = (long) counts[i];
      if (rows[i] != counts[i] || rows[i] < 0)
        throw new IllegalArgumentException("itr " + itr + ": `counts` has " + counts[i]);
      if (losses.get(i).isNull()) continue;
      lossSum[i] = VectorFile.number(losses.get(i), "mean_loss");
      tokens[i] = 1; // a mean is the sum over one token
    }
    return new Observation(itr + 1, q, lossSum, tokens, rows, null, LossHistory.NONE);
  }

  /** The mixer's parameters for the source's names; what is absent keeps the source's value. */
  private static Ado.Rule rule(VectorFile file) {
    JsonNode config = file.config();
    refuseUnknown(config, CONFIG);
    Proportions prior =
        Replay.proportions(
            config.has("task_token_count") ? config.get("task_token_count") : file.initial(),
            "task_token_count");
    int groups = prior.size();
    if (config.path("m").asInt(groups) != groups)
      throw new IllegalArgumentException("`m` is not the number of `task_token_count`");
    double blend = number(config, "blend_p_avg", 0.9);
    if (Math.abs(blend + number(config, "blend_rho", 1 - blend) - 1) > 1e-12)
      throw new IllegalArgumentException("`blend_p_avg` and `blend_rho` do not sum to 1");
    double share = number(config, "min_prob", 0.01);
    return new Ado.Rule(
        prior,
        VectorFile.count(config.required("start_step"), "start_step"),
        VectorFile.count(config.required("update_interval"), "update_interval"),
        flag(config, "use_same_step_size", true),
        number(config, "gamma_history", 0.9),
        number(config, "s", 0.5),
        blend,
        share * groups > 1 ? Math.min(share, 0.5 / groups) : share, // as MIXERS.md has it
        number(config, "expnt_floor", 0.05));
  }

  /** A field that is not known might change what is expected. */
  static void refuseUnknown(JsonNode object, Set<String> known) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name))
        throw new IllegalArgumentException("the meaning of `" + name + "` is not known");
    }
  }

  static double number(JsonNode config, String name, double fallback) {
    JsonNode value = config.path(name);
    return VectorFile.isGiven(value) ? VectorFile.number(value, name) : fallback;
  }

  private static boolean flag(JsonNode config, String name, boolean fallback) {
    JsonNode value = config.path(name);
    if (!VectorFile.isGiven(value)) return fallback;
    if (!value.isBoolean())
      throw new IllegalArgumentException("`" + name + "` is neither true nor false");
    return value.booleanValue();
  }
}
