package dev.mixwell.api;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.Map;
import java.util.TreeMap;

/**
 * A mixer by name.
 *
 * @param name such as {@code odm}
 * @param parameters by the mixer's own names; the mixer refuses unknown ones
 */
public record MixerSpec(String name, Map<String, Object> parameters) {
  public MixerSpec {
    if (name == null || name.isBlank())
      throw new Refusal(ProblemType.INVALID_MIXER, "The mixer has no `name`.");
    parameters =
        parameters == null
            ? Map.of()
            : java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
  }
}
