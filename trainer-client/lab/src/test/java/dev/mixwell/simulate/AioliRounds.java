package dev.mixwell.simulate;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Aioli estimated in each round of a simulation, and what was true. */
final class AioliRounds {
  private static final int SWEEPS = 4;
  private static final int SEGMENT_STEPS = 6;

  /**
   * One round. The arrays belong to it: nobody changes them.
   *
   * @param estimate [m][m] flat: A
   * @param truth [m][m] flat: A* of a segment, on average over the steps of the probes
   * @param p [m] that it decided
   */
  record Round(double[] estimate, double[] truth, double[] p) {
    /** Of the estimate, relative, in Frobenius' norm. */
    double error() {
      double squares = 0;
      double size = 0;
      for (int i = 0; i < truth.length; i++) {
        squares += (estimate[i] - truth[i]) * (estimate[i] - truth[i]);
        size += truth[i] * truth[i];
      }
      return Math.sqrt(squares / size);
    }

    double similarity() {
      return Similarity.of(estimate, truth);
    }

    double farthestFromUniform() {
      double farthest = 0;
      for (double share : p) farthest = Math.max(farthest, Math.abs(share - 1.0 / p.length));
      return farthest;
    }
  }

  private AioliRounds() {}

  /**
   * Rounds of twice the length of their probes.
   *
   * @param more parameters of the mixer
   */
  static List<Round> of(
      World world, Map<String, Object> more, Setting setting, int rounds, long seed) {
    int probeSteps = SWEEPS * SEGMENT_STEPS * world.size();
    var parameters = new TreeMap<>(more);
    parameters.putAll(
        Map.of("sweeps", SWEEPS, "segmentSteps", SEGMENT_STEPS, "roundSteps", 2L * probeSteps));
    var simulation = new Simulation(world, new MixerSpec("aioli", parameters), setting, seed);
    var truths = new ArrayList<double[]>();
    for (int round = 0; round < rounds; round++)
      truths.add(truth(simulation, 2L * probeSteps * round, probeSteps));
    simulation.trainer().trainTo(2L * probeSteps * rounds);
    return decided(simulation, truths);
  }

  private static double[] truth(Simulation simulation, long start, int probeSteps) {
    int m = simulation.run().spec().groups().size();
    double tokens = (double) SEGMENT_STEPS * simulation.run().spec().stepTokens();
    double[] truth = new double[m * m];
    for (int step = 0; step < probeSteps; step++) {
      simulation.trainer().trainTo(start + step);
      for (int i = 0; i < truth.length; i++)
        truth[i] += simulation.model().drop(i / m, i % m, tokens) / probeSteps;
    }
    return truth;
  }

  private static List<Round> decided(Simulation simulation, List<double[]> truths) {
    var rounds = new ArrayList<Round>();
    for (Entry entry : simulation.timeline().read(0, Long.MAX_VALUE))
      if (entry.event() instanceof Event.BoundaryClosed close
          && close.decided().state().get("decided")[0] > rounds.size())
        rounds.add(
            new Round(
                close.decided().state().get("A"), truths.get(rounds.size()), close.decided().p()));
    return rounds;
  }
}
