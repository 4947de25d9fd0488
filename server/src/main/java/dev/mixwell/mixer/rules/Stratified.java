package dev.mixwell.mixer.rules;

import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Proportions;
import java.util.List;

/** {@code stratified}: every group the same share, 1/m. */
public final class Stratified implements MixerFactory {
  @Override
  public String name() {
    return "stratified";
  }

  @Override
  public List<String> parameters() {
    return List.of();
  }

  @Override
  public Mixer create(Parameters parameters, MixerContext context) {
    return new Fixed(name(), 1, Proportions.uniform(context.size()));
  }
}
