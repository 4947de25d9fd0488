package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.mixer.ado.LawObjective;
import dev.mixwell.mixer.ado.SavitzkyGolay;
import dev.mixwell.mixer.ado.ScalingLaw;
import dev.mixwell.mixer.ado.ScalingLawFit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ADO/fit}: a group's losses an event. Compared are the smoothed losses, the objective at
 * the parameters given, and the objective at our own best law, which must not be above the source's
 * best; laws are not compared, as quite different ones fit as well.
 */
final class AdoFitReplay implements Replay {
  private static final Set<String> CONFIG =
      Set.of("huber_delta", "savgol_window", "savgol_poly", "stride", "ignore_steps");

  /** Such as {@code 64*t, t=1..300}: the rows counted after each step. */
  private static final Pattern N_RULE = Pattern.compile("(\\d+)\\*t, t=1\\.\\.(\\d+)");

  /** The fit of one file. */
  private record Settings(SavitzkyGolay filter, int order, int stride, int ignored, double delta) {
    static Settings of(JsonNode config) {
      AdoReplay.refuseUnknown(config, CONFIG);
      int window = (int) AdoReplay.number(config, "savgol_window", 101);
      int order = (int) AdoReplay.number(config, "savgol_poly", 3);
      return new Settings(
          new SavitzkyGolay(window, order),
          order,
          (int) AdoReplay.number(config, "stride", 10),
          (int) VectorFile.count(config.required("ignore_steps"), "ignore_steps"),
          AdoReplay.number(config, "huber_delta", 1e-3));
    }

    String smoothedName() {
      return "savgol_" + filter.window() + "_" + order;
    }

    LawObjective objective(double[] n, double[] smoothed) {
      var taken = new ArrayList<Integer>();
      for (int t = ignored; t < smoothed.length; t += stride) taken.add(t);
      var reference = LawObjective.Terms.REFERENCE;
      var terms =
          new LawObjective.Terms(
              delta,
              reference.mostA(),
              reference.leastE(),
              reference.leastAlpha(),
              reference.mostAlpha());
      return new LawObjective(at(n, taken), at(smoothed, taken), 1, terms);
    }

    private static double[] at(double[] values, List<Integer> taken) {
      double[] some = new double[taken.size()];
      for (int i = 0; i < some.length; i++) some[i] = values[taken.get(i)];
      return some;
    }
  }

  @Override
  public void replay(VectorFile file, Deviations deviations) {
    Settings settings = Settings.of(file.config());
    for (int i = 0; i < file.events().size(); i++) {
      try {
        event("event " + i, file.events().get(i), settings, deviations);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("event " + i + ": " + e.getMessage(), e);
      }
    }
  }

  private static void event(
      String where, JsonNode event, Settings settings, Deviations deviations) {
    JsonNode expected = event.required("expected");
    AdoReplay.refuseUnknown(
        expected,
        Set.of(
            settings.smoothedName(),
            "subsample",
            "objective_at",
            "best_params_scipy",
            "best_objective_scipy",
            "true_params")); // what the losses were made from; noise moves the best away from it
    double[] raw = VectorFile.numbers(event.required("raw_loss"), "raw_loss");
    double[] smoothed = settings.filter.smooth(raw);
    deviations.vector(
        where, settings.smoothedName(), smoothed, expected.path(settings.smoothedName()));
    String subsample = "[" + settings.ignored + "::" + settings.stride + "]";
    if (!expected.path("subsample").asText(subsample).equals(subsample))
      throw new IllegalArgumentException("`subsample` is not " + subsample);
    double[] n = counts(event, raw.length);
    LawObjective objective = settings.objective(n, smoothed);
    for (JsonNode at : expected.path("objective_at"))
      deviations.scalar(
          where, "objective", objective.value(law(at.required("params"))), at.required("value"));
    JsonNode best = expected.path("best_objective_scipy");
    if (expected.has("best_params_scipy"))
      deviations.scalar(
          where,
          "objective of the best",
          objective.value(law(expected.get("best_params_scipy"))),
          best);
    deviations.atMost(
        where, "best objective", objective.value(ScalingLawFit.best(objective)), best);
  }

  private static ScalingLaw law(JsonNode params) {
    double[] p = VectorFile.numbers(params, "params");
    if (p.length != 3) throw new IllegalArgumentException("a law is a, e and alpha");
    return new ScalingLaw(p[0], p[1], p[2]);
  }

  /** {@code n}, or what {@code n_rule} says. */
  private static double[] counts(JsonNode event, int steps) {
    double[] n;
    if (VectorFile.isGiven(event.path("n"))) n = VectorFile.numbers(event.path("n"), "n");
    else {
      Matcher rule = N_RULE.matcher(event.path("n_rule").asText());
      if (!rule.matches())
        throw new IllegalArgumentException("neither `n` nor `n_rule` says the rows counted");
      n = new double[Integer.parseInt(rule.group(2))];
      for (int t = 1; t <= n.length; t++) n[t - 1] = Double.parseDouble(rule.group(1)) * t;
    }
    if (n.length != steps)
      throw new IllegalArgumentException(n.length + " counts for " + steps + " losses");
    return n;
  }
}
