package dev.mixwell.simulate;

import java.util.List;

/**
 * What a simulated run came to. Immutable.
 *
 * @param mixer as it was asked for
 * @param losses [m] true losses after the last step, nats
 * @param p [m] what the mixer wanted learned of each group, on average over the steps: shares of
 *     rows, times loss weights where it gives some
 * @param course from the first step to the last
 * @param nanos of real time
 */
record Outcome(
    World world,
    String mixer,
    long seed,
    List<Double> losses,
    List<Double> p,
    List<Point> course,
    long nanos) {

  /**
   * A stretch of steps.
   *
   * @param step after which it ends
   * @param p [m] as above, on average over the stretch
   * @param averageLoss at its end, nats
   */
  record Point(long step, List<Double> p, double averageLoss) {
    Point {
      p = List.copyOf(p);
    }
  }

  Outcome {
    losses = List.copyOf(losses);
    p = List.copyOf(p);
    course = List.copyOf(course);
  }

  /** The mean over the groups. */
  double averageLoss() {
    double sum = 0;
    for (double loss : losses) sum += loss;
    return sum / losses.size();
  }

  /** The group that got most; the first of equals. */
  int largest() {
    int largest = 0;
    for (int i = 1; i < p.size(); i++) if (p.get(i) > p.get(largest)) largest = i;
    return largest;
  }
}
