package dev.mixwell.experiment.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedSignsTest {
  /** By hand: 2/8; 2 (1 + 10)/1024; 2/2^20; 2 (1 + 9 + 36)/512; both sides even or none is 1. */
  @ParameterizedTest
  @CsvSource({
    "3, 0, 0.25",
    "0, 3, 0.25",
    "2, 1, 1",
    "1, 9, 0.021484375",
    "20, 0, 0.0000019073486328125",
    "7, 2, 0.1796875",
    "5, 5, 1",
    "1, 0, 1",
    "0, 0, 1"
  })
  void isExact(int wins, int losses, double p) {
    assertEquals(p, PairedSigns.twoSided(wins, losses));
  }
}
