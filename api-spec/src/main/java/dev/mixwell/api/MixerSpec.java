package dev.mixwell.api;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A mixer by name.
 *
 * @param name which mixer, such as {@code odm}
 * @param parameters values by the mixer's own names; a mixer refuses others
 */
public record MixerSpec(String name, Map<String, Object> parameters) {
  public MixerSpec {
    parameters =
        parameters == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(parameters));
  }

  /**
   * To be asked where somebody asks for a mixer.
   *
   * @throws Refusal {@code invalid-mixer} without a name
   */
  public void check() {
    if (name == null || name.isBlank())
      throw new Refusal(ProblemType.INVALID_MIXER, "The mixer has no `name`.");
  }
}
