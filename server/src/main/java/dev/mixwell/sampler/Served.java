package dev.mixwell.sampler;

import dev.mixwell.api.RunSpec;
import dev.mixwell.mixer.Proportions;
import org.jspecify.annotations.Nullable;

/**
 * What is sampled: q = renormalise(mask(clamp(pin(floor(p))))), its change from the step before
 * bounded (from what was served then to the groups that still have rows). p stays as the mixer said
 * it.
 */
public final class Served {
  private Served() {}

  /**
   * @param last [m] served at the step before; null at the first
   * @param masked [m] groups that are used up
   * @return null if every group with a share is masked
   */
  public static @Nullable Proportions of(
      Proportions p,
      RunSpec.Limits limits,
      Overrides overrides,
      double @Nullable [] last,
      boolean[] masked) {
    double[] q = p.toArray();
    int m = q.length;
    if (limits.floor() > 0)
      for (int i = 0; i < m; i++)
        q[i] = Math.max(0, 1 - m * limits.floor()) * q[i] + limits.floor();
    overrides.apply(q);
    if (!leave(q, masked)) return null;
    if (last != null && limits.maxChange() < 1) {
      double[] from = last.clone();
      if (leave(from, masked)) bound(q, from, limits.maxChange());
    }
    return Proportions.of(q);
  }

  /** Takes the masked groups out and scales the others up to 1; false if nothing is left. */
  private static boolean leave(double[] shares, boolean[] masked) {
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      if (masked[i]) shares[i] = 0;
      sum += shares[i];
    }
    if (!(sum > 0)) return false;
    if (sum != 1) for (int i = 0; i < shares.length; i++) shares[i] /= sum;
    return true;
  }

  /**
   * Moves from the last shares towards q by one factor for all groups: the sum stays 1 and no share
   * moves by more than the bound.
   */
  private static void bound(double[] q, double[] last, double maxChange) {
    double largest = 0;
    for (int i = 0; i < q.length; i++) largest = Math.max(largest, Math.abs(q[i] - last[i]));
    if (largest <= maxChange) return;
    double part = maxChange / largest;
    for (int i = 0; i < q.length; i++) q[i] = last[i] + part * (q[i] - last[i]);
  }
}
