package dev.mixwell.fold;

import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;

/**
 * How a mixer's update is called. What stands round the call, a clock say, decides nothing: the
 * answer is the mixer's own.
 */
public interface Folding {
  Decision fold(Mixer mixer, MixerState before, Observation seen);
}
