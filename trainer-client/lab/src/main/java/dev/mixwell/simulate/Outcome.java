package dev.mixwell.simulate;

import java.util.List;

/**
 * What a simulated run came to. The arrays belong to it: nobody changes them.
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
    double[] losses,
    double[] p,
    List<Point> course,
    long nanos) {

  /**
   * A stretch of steps.
   *
   * @param step after which it ends
   * @param p [m] as above, on average over the stretch
   * @param averageLoss at its end, nats
   */
  record Point(long step, double[] p, double averageLoss) {}

  /** The mean over the groups. */
  double averageLoss() {
    double sum = 0;
    for (double loss : losses) sum += loss;
    return sum / losses.length;
  }

  /** The group that got most; the first of equals. */
  int largest() {
    int largest = 0;
    for (int i = 1; i < p.length; i++) if (p[i] > p[largest]) largest = i;
    return largest;
  }
}
