package dev.mixwell.pack;

import dev.mixwell.base.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a body says about itself: only facts that were frozen when the step was issued.
 *
 * @param groupNames of the run, in its order
 * @param mixer the id of the mixer that sampled the step
 * @param awaits the kind of feedback without which the step does not close; null for none
 * @param lossWeights one a group, or none for a mixer that does not weigh losses
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; nobody compares it
public record BatchFacts(
    String run,
    int attempt,
    long step,
    int rank,
    List<String> groupNames,
    String mixer,
    @Nullable String awaits,
    double @Nullable [] lossWeights) {
  public BatchFacts {
    groupNames = List.copyOf(groupNames);
    lossWeights = lossWeights == null ? null : lossWeights.clone();
  }

  /** A copy. */
  @Override
  public double @Nullable [] lossWeights() {
    return lossWeights == null ? null : lossWeights.clone();
  }

  /** As safetensors carries them: strings, lists as JSON arrays. */
  Map<String, String> metadata() {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("run", run);
    metadata.put("attempt", Integer.toString(attempt));
    metadata.put("step", Long.toString(step));
    metadata.put("rank", Integer.toString(rank));
    metadata.put("groups", Json.write(groupNames));
    metadata.put("mixer", mixer);
    if (awaits != null) metadata.put("awaits", awaits);
    if (lossWeights != null) metadata.put("lossWeights", Json.write(lossWeights));
    return metadata;
  }
}
