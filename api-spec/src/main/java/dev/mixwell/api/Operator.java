package dev.mixwell.api;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;

/** Who changes a run, and why: both are recorded with every operation. */
final class Operator {
  private static final int MAX_LENGTH = 1_000;

  private Operator() {}

  static void check(String who, String why) {
    if (who == null || who.isBlank() || who.length() > MAX_LENGTH)
      throw new Refusal(
          ProblemType.INVALID_OPERATION,
          "`who` is missing: name the person or program that changes the run.");
    if (why == null || why.isBlank() || why.length() > MAX_LENGTH)
      throw new Refusal(
          ProblemType.INVALID_OPERATION,
          "`why` is missing: say in a sentence why the run is changed.");
  }
}
