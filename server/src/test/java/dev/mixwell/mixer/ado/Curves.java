package dev.mixwell.mixer.ado;

import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Losses that fall, more or less, as training losses do. */
final class Curves {
  private Curves() {}

  /**
   * Smoothed losses of one group: of a law, with noise from none to much, seen at every step or
   * seldom, some with a fall half way, some that do not fall at all.
   */
  static LawObjective random(SplittableRandom random) {
    int steps = pick(random, 700, 1_500, 4_000);
    double rows = pick(random, 16, 64, 512, 4_096);
    var law =
        new ScalingLaw(
            random.nextDouble(0, 5), random.nextDouble(-1, 1.4), random.nextDouble(0.02, 0.75));
    double noise = pick(random, 0, 2, 20, 100, 400) / 1e3;
    int shape = random.nextInt(4);
    int every = pick(random, 1, 1, 7, 60);
    double[] losses = new double[steps];
    double last = 10;
    for (int t = 0; t < steps; t++) {
      double loss = shape == 2 ? 3 : law.loss((t + 1) * rows);
      if (shape == 1 && t > steps / 2) loss *= 0.9;
      if (t % every == 0) last = Math.max(0.05, loss + noise * random.nextDouble(-2, 2));
      losses[t] = last;
    }
    double[] smoothed = new SavitzkyGolay(101, 3).smooth(losses);
    int ignored = steps > 1_200 ? 1_000 : 100;
    int points = (steps - ignored) / 10;
    double[] n = new double[points];
    double[] values = new double[points];
    for (int i = 0; i < points; i++) {
      n[i] = (ignored + 10 * i + 1) * rows;
      values[i] = Math.max(1e-3, smoothed[ignored + 10 * i]);
    }
    double leastE = random.nextInt(3) == 0 ? -3 : 0.5;
    return new LawObjective(n, values, 1, new LawObjective.Terms(1e-3, 6.5, leastE, 1e-3, 0.8));
  }

  private static int pick(SplittableRandom random, int... values) {
    return values[random.nextInt(values.length)];
  }

  /** What a run remembers: fed step by step, read by a refit. */
  static final class Remembered implements LossHistory {
    private final List<double[]> losses = new ArrayList<>();
    private final List<long[]> rows = new ArrayList<>();

    /** Adds the step that is folded next, and gives it with the history so far. */
    Observation add(Proportions q, double[] meanLosses, long[] stepRows) {
      double[] lossSum = new double[meanLosses.length];
      long[] tokens = new long[meanLosses.length];
      long[] all = rows.isEmpty() ? new long[meanLosses.length] : rows.getLast().clone();
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = Double.isNaN(meanLosses[i]) ? 0 : 1;
        lossSum[i] = Double.isNaN(meanLosses[i]) ? 0 : meanLosses[i];
        all[i] += stepRows[i];
      }
      losses.add(meanLosses.clone());
      rows.add(all);
      return new Observation(losses.size(), q, lossSum, tokens, stepRows, null, this);
    }

    @Override
    public void read(long from, long to, Visitor visitor) {
      for (long t = from; t <= to; t++) {
        long[] then = rows.get((int) t - 1);
        Supplier<long[]> copy = then::clone;
        visitor.step(t, losses.get((int) t - 1).clone(), copy);
      }
    }
  }
}
