package dev.mixwell.mixer.ado;

import dev.mixwell.mixer.LossHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loss of each group over a run's steps, imputed, smoothed and thinned to the points that a
 * scaling law is fitted to. Fed with the steps in order, it holds one window of them and the
 * points. Used by one refit.
 *
 * <p>A step at which nothing was seen does not count. A group that was not seen keeps the loss of
 * the step before. Up to the step at which it was first seen that is no loss of its own, so points
 * whose window reaches back there are not the group's.
 */
final class LossCurves implements LossHistory.Visitor {
  /** Fewer points than this fit nothing. */
  static final int LEAST_POINTS = 20;

  /**
   * Which smoothed steps are points: every {@code stride}-th from {@code ignored} on. If that is
   * more than {@code most}, every second of them, or third, and so on.
   */
  record Sampling(long ignored, long stride, int most) {
    /** How many steps one point stands for, in strides. */
    long strides(long steps) {
      long points = Math.ceilDiv(Math.max(1, steps - ignored), stride);
      return Math.ceilDiv(points, most);
    }
  }

  /**
   * A point of all groups.
   *
   * @param losses [m] smoothed
   * @param from the first step of its window
   */
  @SuppressWarnings("ArrayRecordComponent") // made and read by one refit
  private record Point(long step, double[] losses, long from) {}

  private final SavitzkyGolay filter;
  private final Sampling sampling;
  private final long lastT;
  private final boolean areRowsRead;

  /** The last steps' losses [m]; step s is at s modulo its length. */
  private final double[][] window;

  private final List<Point> points = new ArrayList<>();
  private final List<long[]> rowsAtPoints = new ArrayList<>();
  private final long[] firstSeen;
  private double[] losses;
  private long[] lastRows = {};
  private long steps;

  /**
   * @param lastT the last step it will be fed with
   * @param areRowsRead whether {@link #objective} will need each group's own rows
   */
  LossCurves(int groups, SavitzkyGolay filter, Sampling sampling, long lastT, boolean areRowsRead) {
    this.filter = filter;
    this.sampling = sampling;
    this.lastT = lastT;
    this.areRowsRead = areRowsRead;
    this.window = new double[filter.window()][];
    this.firstSeen = new long[groups];
    Arrays.fill(firstSeen, Long.MAX_VALUE);
    this.losses = new double[groups];
  }

  /** A loss without a logarithm counts as not seen. */
  static boolean isUsable(double meanLoss) {
    return meanLoss > 0 && meanLoss <= Double.MAX_VALUE;
  }

  @Override
  public void step(long t, double[] meanLosses, Supplier<long[]> rows) {
    if (areRowsRead && t == lastT) lastRows = rows.get();
    if (!takes(meanLosses)) return;
    window[(int) (steps % window.length)] = losses;
    if (areRowsRead && isPoint(steps)) rowsAtPoints.add(rows.get());
    steps++;
    int half = window.length / 2;
    if (steps == window.length) for (long s = 0; s <= half; s++) smooth(s, 0);
    else if (steps > window.length) smooth(steps - 1 - half, steps - window.length);
  }

  /** To be called after the last step. */
  void end() {
    if (steps < window.length) return;
    for (long s = steps - window.length / 2; s < steps; s++) smooth(s, steps - window.length);
  }

  /** Imputes the step; false if nothing was seen. */
  private boolean takes(double[] meanLosses) {
    double[] imputed = losses.clone();
    boolean isAny = false;
    for (int i = 0; i < imputed.length; i++) {
      if (!isUsable(meanLosses[i])) continue;
      imputed[i] = meanLosses[i];
      firstSeen[i] = Math.min(firstSeen[i], steps);
      isAny = true;
    }
    losses = imputed;
    return isAny;
  }

  private long stride() {
    return sampling.stride * sampling.strides(lastT);
  }

  private boolean isPoint(long step) {
    return step >= sampling.ignored && (step - sampling.ignored) % stride() == 0;
  }

  private void smooth(long step, long from) {
    if (!isPoint(step)) return;
    double[] smoothed = new double[losses.length];
    for (int i = 0; i < window.length; i++) {
      double weight = filter.weight((int) (step - from), i);
      double[] raw = window[(int) ((from + i) % window.length)];
      for (int group = 0; group < smoothed.length; group++) smoothed[group] += weight * raw[group];
    }
    points.add(new Point(step, smoothed, from));
  }

  /**
   * What a group's law is fitted to; null if there are too few points.
   *
   * @param n its rows by now. Without rows of its own at the points, they grew evenly, as all steps
   *     of a run have as many rows
   */
  @Nullable LawObjective objective(int group, double n, LawObjective.Terms terms) {
    double[] counts = new double[points.size()];
    double[] values = new double[points.size()];
    int taken = 0;
    for (int i = 0; i < counts.length; i++) {
      Point point = points.get(i);
      double then =
          areRowsRead
              ? n - (lastRows[group] - rowsAtPoints.get(i)[group])
              : n * (point.step + 1) / steps;
      double loss = point.losses[group];
      if (point.from < firstSeen[group] || !(then > 0) || !isUsable(loss)) continue;
      counts[taken] = then;
      values[taken++] = loss;
    }
    if (taken < LEAST_POINTS) return null;
    return new LawObjective(
        Arrays.copyOf(counts, taken), Arrays.copyOf(values, taken), sampling.strides(lastT), terms);
  }
}
