package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Drives the real mixers with the events of one family of methods. Stateless. */
interface Replay {
  /**
   * Replays all events.
   *
   * @throws IllegalArgumentException if the file lacks what the method needs
   * @throws dev.mixwell.base.Refusal if the mixer refuses the file's configuration
   */
  void replay(VectorFile file, Deviations deviations);

  /** A mixer as a run would make it; the vectors' groups have numbers, not names. */
  static Mixer mixer(String name, Map<String, Object> parameters, long[] groupTokens) {
    return mixer(name, parameters, groupTokens, 1);
  }

  /** The same in a run of batches of {@code batchRows}. */
  static Mixer mixer(
      String name, Map<String, Object> parameters, long[] groupTokens, int batchRows) {
    var names = groupNames(groupTokens.length);
    return Mixers.create(
        new MixerSpec(name, parameters), new MixerContext(0, names, groupTokens, batchRows, 1, 1));
  }

  /** {@code group-0}, {@code group-1}, ... */
  static List<String> groupNames(int groups) {
    var names = new ArrayList<String>(groups);
    for (int i = 0; i < groups; i++) names.add("group-" + i);
    return List.copyOf(names);
  }

  /** Proportions of a file: the vectors are rounded decimals. */
  static Proportions proportions(JsonNode shares, String what) {
    return Proportions.normalised(VectorFile.numbers(shares, what));
  }

  /** Mean losses [m] as a trainer would report them, NaN for a group that was not seen. */
  static Observation losses(long t, Proportions q, double[] means) {
    double[] sums = new double[means.length];
    long[] tokens = new long[means.length];
    for (int i = 0; i < means.length; i++) {
      if (Double.isNaN(means[i])) continue;
      sums[i] = means[i];
      tokens[i] = 1; // a mean is the sum over one token
    }
    return new Observation(t, q, sums, tokens);
  }
}
