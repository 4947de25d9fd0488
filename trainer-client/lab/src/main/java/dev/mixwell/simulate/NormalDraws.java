package dev.mixwell.simulate;

import dev.mixwell.sampler.Draws;

/**
 * Standard normal draws that are computed, not reached: each belongs to a purpose, a step and a
 * group (Box and Muller 1958).
 */
record NormalDraws(long seed) {
  private static final double UNIT = 0x1p-53;

  /** Apart from the purposes of compositions, which draw from the same seed. */
  private static final long PURPOSES = 1_000;

  double at(long purpose, long step, int group) {
    var draws = new Draws(seed, PURPOSES + purpose, step);
    double radius = ((draws.bits(2L * group) >>> 11) + 1) * UNIT;
    double turn = (draws.bits(2L * group + 1) >>> 11) * UNIT;
    return Math.sqrt(-2 * StrictMath.log(radius)) * StrictMath.cos(2 * Math.PI * turn);
  }
}
