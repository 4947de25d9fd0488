package dev.mixwell.run;

import java.util.function.LongFunction;

/** Runs the schedule of a seed and says what broke; empty if nothing did. */
public final class Hunt implements LongFunction<String> {
  @Override
  public String apply(long seed) {
    try {
      Schedule.of(seed).run();
      return "";
    } catch (Throwable broken) {
      return broken.toString();
    }
  }
}
