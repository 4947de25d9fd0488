package dev.mixwell.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SplitMix64Test {
  /** The first draws of the authors' C code, seeded with 1234567. */
  @Test
  void itDrawsWhatTheAuthorsCodeDraws() {
    long[] expected = {
      6457827717110365317L, 3203168211198807973L, -8629252141511181193L, 4593380528125082431L
    };
    for (int n = 1; n <= expected.length; n++)
      assertEquals(
          expected[n - 1], SplitMix64.mix(1234567 + n * SplitMix64.INCREMENT), "draw " + n);
  }
}
