package dev.mixwell.sampler;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An operator's bounds of shares, by group index. Immutable.
 *
 * @param pins the share a group gets
 * @param clamps lowest and highest share of a group
 */
public record Overrides(Map<Integer, Double> pins, Map<Integer, Range> clamps) {
  public static final Overrides NONE = new Overrides(Map.of(), Map.of());

  public record Range(double min, double max) {}

  public Overrides {
    pins = Collections.unmodifiableMap(new TreeMap<>(pins));
    clamps = Collections.unmodifiableMap(new TreeMap<>(clamps));
  }

  /**
   * Brings shares that sum to 1 into the bounds, still summing to 1 where the bounds allow it. The
   * groups that no bound holds keep their ratios; if all their shares are 0, they get equal ones.
   *
   * @param shares [m] changed in place
   */
  void apply(double[] shares) {
    if (pins.isEmpty() && clamps.isEmpty()) return;
    double[] wanted = shares.clone();
    boolean[] held = new boolean[shares.length];
    pins.forEach(
        (group, share) -> {
          shares[group] = share;
          held[group] = true;
        });
    while (settle(wanted, held, shares)) {}
  }

  /**
   * Gives the groups that are not held what the held ones leave, then holds those at their bounds
   * that moved the sum the way it went: none of these could be let go again. At most m rounds.
   *
   * @return whether a group was held
   */
  private boolean settle(double[] wanted, boolean[] held, double[] shares) {
    double left = 1;
    double ratios = 0;
    int others = 0;
    for (int i = 0; i < shares.length; i++) {
      if (held[i]) left -= shares[i];
      else ratios += wanted[i];
      if (!held[i]) others++;
    }
    left = Math.max(0, left);
    double[] moved = new double[shares.length];
    double excess = 0;
    for (int i = 0; i < shares.length; i++) {
      if (held[i]) continue;
      double fair = ratios > 0 ? wanted[i] / ratios * left : left / others;
      shares[i] = within(clamps.get(i), fair);
      moved[i] = shares[i] - fair;
      excess += moved[i];
    }
    boolean more = false;
    for (int i = 0; i < shares.length; i++) {
      if (excess >= 0 ? moved[i] <= 0 : moved[i] >= 0) continue;
      held[i] = true;
      more = true;
    }
    return more;
  }

  private static double within(@Nullable Range range, double share) {
    return range == null ? share : Math.min(range.max, Math.max(range.min, share));
  }
}
