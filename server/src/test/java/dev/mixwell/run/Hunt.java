package dev.mixwell.run;

import java.util.function.LongFunction;

/** Runs the schedule of a seed and says what broke; empty if nothing did. */
public final class Hunt implements LongFunction<String> {
  /** Stands for the directed schedules, one after the other. */
  static final long DIRECTED = -1;

  @Override
  public String apply(long seed) {
    try {
      if (seed == DIRECTED) DirectedScheduleTest.runAll();
      else Schedule.of(seed).run();
      return "";
    } catch (Throwable broken) {
      return broken.toString();
    }
  }
}
