package dev.mixwell.serving;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that may be kept, over all who keep some. Thread-safe. */
final class Allowance {
  private final long maxBytes;
  private final AtomicLong kept = new AtomicLong();

  Allowance(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  boolean take(long bytes) {
    if (kept.addAndGet(bytes) <= maxBytes) return true;
    kept.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    kept.addAndGet(-bytes);
  }

  boolean isSpent() {
    return kept.get() >= maxBytes;
  }

  long keptBytes() {
    return kept.get();
  }
}
