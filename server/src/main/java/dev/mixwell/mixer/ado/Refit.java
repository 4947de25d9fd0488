package dev.mixwell.mixer.ado;

import dev.mixwell.mixer.Observation;
import java.util.SortedMap;

/** Where ADO's scaling laws come from, whenever they are due. Stateless. */
@FunctionalInterface
public interface Refit {
  /**
   * New laws, by group index. A group without one keeps what it has; if one is not finite, all do.
   *
   * @param n [m] rows counted so far, with those of the observed step
   */
  SortedMap<Integer, ScalingLaw> laws(Observation seen, double[] n);
}
