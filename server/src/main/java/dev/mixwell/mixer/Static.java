package dev.mixwell.mixer;

import java.util.List;

/** {@code static}: the weights of the configuration, by group name, divided by their sum. */
public final class Static implements MixerFactory {
  @Override
  public String name() {
    return "static";
  }

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
