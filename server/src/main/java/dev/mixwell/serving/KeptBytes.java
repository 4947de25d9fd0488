package dev.mixwell.serving;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of all bodies that lie ready, within a bound. Thread-safe. */
final class KeptBytes {
  private final long maxBytes;
  private final AtomicLong kept = new AtomicLong();

  KeptBytes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** False, and nothing is taken, where the bound would be passed. */
  boolean take(long bytes) {
    if (kept.addAndGet(bytes) <= maxBytes) return true;
    kept.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    kept.addAndGet(-bytes);
  }

  boolean hasRoom(long bytes) {
    return kept.get() + bytes <= maxBytes;
  }

  /** Whether there would be room if nothing else lay ready. */
  boolean couldHold(long bytes) {
    return bytes <= maxBytes;
  }

  long sum() {
    return kept.get();
  }
}
