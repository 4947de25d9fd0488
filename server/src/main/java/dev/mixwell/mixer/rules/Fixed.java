package dev.mixwell.mixer.rules;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Proportions;
import org.jspecify.annotations.Nullable;

/**
 * A mixer that waits for nothing and never moves; it takes over at its own p, whatever was in force
 * before.
 */
record Fixed(String name, int version, Proportions p) implements Mixer {
  @Override
  public @Nullable FeedbackKind awaits() {
    return null;
  }

  @Override
  public Decision start(@Nullable Proportions current) {
    return new Decision(MixerState.empty(), p);
  }

  @Override
  public Decision fold(MixerState before, Observation seen) {
    return new Decision(before, p);
  }
}
