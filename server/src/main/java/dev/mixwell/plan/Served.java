package dev.mixwell.plan;

import dev.mixwell.api.RunSpec;
import dev.mixwell.mixer.Proportions;
import org.jspecify.annotations.Nullable;

/**
 * What is sampled: q = renormalise(mask(clamp(pin(floor(p))))), its change from the step before
 * bounded. p stays as the mixer said it.
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
    overrides.pin(q);
    overrides.clamp(q);
    if (!overrides.clamps().isEmpty()) settle(q, overrides.free(m));
    if (last != null && limits.maxChange() < 1) bound(q, last, limits.maxChange());
    double sum = 0;
    for (int i = 0; i < m; i++) {
      if (masked[i]) q[i] = 0;
      sum += q[i];
    }
    if (!(sum > 0)) return null;
    if (sum != 1) for (int i = 0; i < m; i++) q[i] /= sum;
    return Proportions.of(q);
  }

  /**
   * Scales the untouched groups so that the sum is 1 and the bounds hold, where they leave room for
   * it.
   */
  private static void settle(double[] q, boolean[] free) {
    double fixed = 0;
    double rest = 0;
    for (int i = 0; i < q.length; i++) {
      if (free[i]) rest += q[i];
      else fixed += q[i];
    }
    if (rest > 0 && fixed < 1)
      for (int i = 0; i < q.length; i++) if (free[i]) q[i] *= (1 - fixed) / rest;
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
