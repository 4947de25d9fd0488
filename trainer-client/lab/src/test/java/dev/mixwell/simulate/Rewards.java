package dev.mixwell.simulate;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * How far ODM's importance-weighted rewards are from the true losses, for a lookahead and a seed:
 * in standard errors, by group.
 *
 * <p>One unit a step is drawn by the recorded q_k, which was fixed before: given all that happened
 * before step k, group j is seen with probability q_kj, so that X_kj = seen_kj L_kj / q_kj has the
 * mean of the true loss, whatever q does later and however much it moves. The sum of X_kj - L_j(k)
 * is a martingale with the variance sum_k (L_j(k)^2 (1 - q_kj) + noise^2) / q_kj.
 *
 * <p>Another step's q shows only as far as q moves, by E[q_k / q_other] - 1. With the losses of
 * language models the paper's form hardly leaves uniform; so these are hundreds of nats, and no
 * group's share is below a tenth.
 */
public final class Rewards implements BiFunction<Integer, Long, double[][]> {
  static final int STEPS = 100_000;
  private static final double ALPHA = 0.5;
  private static final World WORLD =
      new World(
          "bandit",
          "three arms whose losses fall a little",
          List.of(
              new World.Group("a", 600, 900, 0.5, 1L << 40),
              new World.Group("b", 800, 1100, 0.3, 1L << 40),
              new World.Group("c", 1000, 1100, 0.2, 1L << 40)),
          new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
          new World.Noise(100, 0));

  private final List<double[]> truth = new ArrayList<>();
  private final SortedMap<Long, double[]> q = new TreeMap<>();
  private final SortedMap<Long, double[]> rewards = new TreeMap<>();
  private final SortedMap<Long, double[]> seen = new TreeMap<>();

  /** By the mixer's own rewards; then with q of the step before, and with q of the step after. */
  @Override
  public double[][] apply(Integer lookahead, Long seed) {
    var mixer = new MixerSpec("odm", Map.of("variant", "paper", "alpha", ALPHA, "lossClip", 0));
    Setting setting = Setting.of(STEPS, 1, lookahead).oneArm(0.1);
    var simulation = new Simulation(WORLD, mixer, setting, seed);
    for (long k = 0; k < STEPS; k++) {
      truth.add(simulation.model().losses());
      simulation.trainer().trainTo(k + 1);
    }
    for (Entry entry : simulation.timeline().read(0, Long.MAX_VALUE)) read(entry.event());
    double[] errors = standardErrors();
    return new double[][] {
      bias(this::reward, errors),
      bias((k, j) -> weighted(k, j, k - 1), errors),
      bias((k, j) -> weighted(k, j, k + 1), errors)
    };
  }

  private void read(Event event) {
    switch (event) {
      case Event.FeedbackPosted e -> {
        double[] losses = new double[WORLD.size()];
        e.groups().forEach((name, f) -> losses[name.charAt(0) - 'a'] = f.lossSum() / f.tokens());
        seen.put(e.step(), losses);
      }
      case Event.StepClosed e -> {
        q.put(e.step(), e.position().q());
        rewards.put(e.step(), e.decided().state().get("R"));
      }
      default -> {}
    }
  }

  /** What the mixer took: R_k = alpha R_(k-1) + (1 - alpha) reward for the group that was seen. */
  private double reward(long k, int j) {
    if (seen.get(k)[j] == 0) return 0;
    double before = k == 0 ? 0 : rewards.get(k - 1)[j];
    return (rewards.get(k)[j] - ALPHA * before) / (1 - ALPHA);
  }

  private double weighted(long k, int j, long other) {
    return seen.get(k)[j] / q.getOrDefault(other, q.get(k))[j];
  }

  private interface Estimate {
    double at(long step, int group);
  }

  private double[] bias(Estimate estimate, double[] errors) {
    double[] z = new double[WORLD.size()];
    for (int j = 0; j < z.length; j++) {
      double sum = 0;
      for (long k = 0; k < rewards.size(); k++) sum += estimate.at(k, j) - truth.get((int) k)[j];
      z[j] = sum / errors[j];
    }
    return z;
  }

  private double[] standardErrors() {
    double[] errors = new double[WORLD.size()];
    double noise = WORLD.noise().row();
    for (int j = 0; j < errors.length; j++) {
      double variance = 0;
      for (long k = 0; k < rewards.size(); k++) {
        double loss = truth.get((int) k)[j];
        double share = q.get(k)[j];
        variance += (loss * loss * (1 - share) + noise * noise) / share;
      }
      errors[j] = Math.sqrt(variance);
    }
    return errors;
  }
}
