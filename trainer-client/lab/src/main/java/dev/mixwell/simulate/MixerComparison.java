package dev.mixwell.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * Mixers side by side in one world, each with the same seeds, so that two runs of one seed see the
 * same noise.
 */
record MixerComparison(World world, List<Row> rows) {
  /**
   * One mixer.
   *
   * @param outcomes one a seed
   * @param baseline of the same seeds, under even shares
   */
  record Row(String mixer, List<Outcome> outcomes, List<Outcome> baseline) {
    /** The final average loss, on average over the seeds. */
    double loss() {
      double sum = 0;
      for (Outcome o : outcomes) sum += o.averageLoss();
      return sum / outcomes.size();
    }

    /** What it is above the baseline's; below 0 it is better. */
    double difference() {
      double sum = 0;
      for (int i = 0; i < outcomes.size(); i++) sum += difference(i);
      return sum / outcomes.size();
    }

    double difference(int seed) {
      return outcomes.get(seed).averageLoss() - baseline.get(seed).averageLoss();
    }

    /** Of the difference, from the spread over the seeds; NaN for one seed. */
    double standardError() {
      int n = outcomes.size();
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double from = difference(i) - difference();
        squares += from * from;
      }
      return Math.sqrt(squares / (n - 1) / n);
    }

    /** In real time. */
    double stepsPerSecond() {
      double steps = 0;
      double nanos = 0;
      for (Outcome o : outcomes) {
        steps += o.course().getLast().step();
        nanos += o.nanos();
      }
      return steps / nanos * 1e9;
    }
  }

  /** Outcomes by mixer and seed; the first mixer is the baseline. */
  static MixerComparison of(World world, List<List<Outcome>> outcomes) {
    var rows = new ArrayList<Row>();
    for (List<Outcome> ofMixer : outcomes)
      rows.add(new Row(ofMixer.getFirst().mixer(), ofMixer, outcomes.getFirst()));
    return new MixerComparison(world, rows);
  }
}
