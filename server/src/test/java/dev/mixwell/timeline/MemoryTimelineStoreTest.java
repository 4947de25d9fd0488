package dev.mixwell.timeline;

final class MemoryTimelineStoreTest extends TimelineStoreContract {
  private final MemoryTimelineStore one = new MemoryTimelineStore();

  @Override
  protected TimelineStore open() {
    return one;
  }
}
