package dev.mixwell.fold;

import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;

/** Times updates of mixers. The run's writer folds; any thread may read the sum. */
public final class FoldWatch implements Folding {
  private volatile FoldTime time = FoldTime.NONE;

  @Override
  public Decision fold(Mixer mixer, MixerState before, Observation seen) {
    // Decides no byte: the mixer has no clock, and what it costs is told to metrics only.
    long beganNanos = System.nanoTime();
    Decision decision = mixer.fold(before, seen);
    // Decides no byte: as above.
    time = time.plus(System.nanoTime() - beganNanos);
    return decision;
  }

  public FoldTime time() {
    return time;
  }
}
