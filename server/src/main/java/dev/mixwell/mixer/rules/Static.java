package dev.mixwell.mixer.rules;

import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Proportions;
import java.util.List;

/** {@code static}: the weights of the configuration, by group name, divided by their sum. */
public final class Static implements MixerFactory {
  @Override
  public String name() {
    return "static";
  }

  /**
   * What each says:
   *
   * <ul>
   *   <li>{@code weights}: each group's weight; they are divided by their sum.
   * </ul>
   */
  @Override
  public List<String> parameters() {
    return List.of("weights");
  }

  @Override
  public Mixer create(Parameters parameters, MixerContext context) {
    return new Fixed(
        name(), 1, Proportions.normalised(parameters.weights("weights", context.groups())));
  }
}
