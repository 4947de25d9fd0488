package dev.mixwell.run;

import dev.mixwell.timeline.TimelineStore;
import dev.mixwell.timeline.TimelineStoreContract;

/** The simulated store keeps what every store keeps. */
final class SimStoreTest extends TimelineStoreContract {
  private final SimStore one = new SimStore();

  @Override
  protected TimelineStore open() {
    return one;
  }
}
