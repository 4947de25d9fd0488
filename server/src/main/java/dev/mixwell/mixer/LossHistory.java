package dev.mixwell.mixer;

import java.util.function.Supplier;

/**
 * The losses of a mixer's steps so far. They are recorded with the run, so a mixer that fits a law
 * to all of them (ADO) reads them back and keeps its state small.
 */
public interface LossHistory {
  /** The history of a mixer that has seen nothing, or waits for boundaries. */
  LossHistory NONE = (from, to, visitor) -> {};

  /**
   * Visits the steps from {@code from} to {@code to}, in order.
   *
   * @param from as {@link Observation#t}: 1 is the first
   * @param to inclusive, at most the observed step
   */
  void read(long from, long to, Visitor visitor);

  /** Takes one step. */
  interface Visitor {
    /**
     * @param meanLosses [m] nats per token; NaN where nothing was seen of the group
     * @param rows [m] of the run, from its beginning up to this step
     */
    void step(long t, double[] meanLosses, Supplier<long[]> rows);
  }
}
