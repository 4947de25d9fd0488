package dev.mixwell.timeline;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A mixer as it was asked for.
 *
 * @param parameters those that were named: the others have the defaults of the mixer's version
 */
public record RecordedMixer(String name, Map<String, Object> parameters) {
  public RecordedMixer {
    parameters =
        parameters == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(parameters));
  }
}
