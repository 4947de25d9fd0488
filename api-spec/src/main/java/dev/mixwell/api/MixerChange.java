package dev.mixwell.api;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A swap of the mixer.
 *
 * @param effective {@code phase-end} (default), {@code now}, or a step number
 * @param start {@code current} (default): from the proportions in force; {@code own}: as its paper
 *     starts
 */
public record MixerChange(
    MixerSpec mixer, @Nullable String effective, @Nullable String start, String who, String why) {
  public MixerChange {
    if (mixer == null)
      throw new Refusal(
          ProblemType.INVALID_MIXER, "`mixer` is missing: {\"name\": ..., \"parameters\": {...}}.");
    mixer.check();
    Operator.check(who, why);
  }
}
