package dev.mixwell.simulate;

import java.util.function.LongSupplier;

/** The time of a simulation, milliseconds since 1970. It passes when it is told to. */
final class VirtualClock implements LongSupplier {
  private long nowMillis;

  @Override
  public long getAsLong() {
    return nowMillis;
  }

  void pass(long millis) {
    nowMillis += millis;
  }

  /** Goes on to a time, if that is still to come. */
  void passTo(long millis) {
    nowMillis = Math.max(nowMillis, millis);
  }
}
