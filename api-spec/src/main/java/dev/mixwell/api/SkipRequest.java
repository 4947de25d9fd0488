package dev.mixwell.api;

/**
 * Passes over the rows that {@code steps} steps would have taken, just before {@code atStep} is
 * composed.
 *
 * @param steps how many steps' rows to pass over
 */
public record SkipRequest(long atStep, int steps, String who, String why) {
  public SkipRequest {
    Operator.check(who, why);
  }
}
