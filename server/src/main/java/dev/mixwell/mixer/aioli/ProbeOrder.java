package dev.mixwell.mixer.aioli;

import dev.mixwell.base.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/** Which group each segment of a probe round favours. Immutable. */
public interface ProbeOrder {
  /**
   * @param round 0-based
   * @param segment of the round, 0-based
   */
  int group(long round, int segment);

  /**
   * A new shuffle of all groups for every sweep, keyed by the groups' names: another order of the
   * groups in the run is the same order of probes.
   *
   * @param sweeps of a round
   */
  static ProbeOrder shuffled(long seed, List<String> groups, int sweeps) {
    return (round, segment) -> {
      long sweep = round * sweeps + segment / groups.size();
      return shuffle(seed, groups, sweep)[segment % groups.size()];
    };
  }

  private static int[] shuffle(long seed, List<String> groups, long sweep) {
    MessageDigest sha256 = Sha256.digest(); // each digest() begins anew
    byte[][] keys = new byte[groups.size()][];
    Integer[] order = new Integer[keys.length];
    for (int i = 0; i < keys.length; i++) {
      String key = seed + "/" + sweep + "/" + groups.get(i);
      keys[i] = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
      order[i] = i;
    }
    Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(keys[a], keys[b]));
    int[] shuffled = new int[keys.length];
    for (int i = 0; i < shuffled.length; i++) shuffled[i] = order[i];
    return shuffled;
  }
}
