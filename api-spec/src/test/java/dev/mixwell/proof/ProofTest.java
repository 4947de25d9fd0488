package dev.mixwell.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProofTest {
  private static final String CASES = "mixwell.cases";

  /** With a colon inside: the launcher's list and totals pass it over. */
  private static final String NAME = "example: no promise";

  private String before = "";

  @BeforeEach
  void noNumberIsAskedFor() {
    before = System.getProperty(CASES, "");
    System.clearProperty(CASES);
  }

  @AfterEach
  void askAgain() {
    if (before.isEmpty()) System.clearProperty(CASES);
    else System.setProperty(CASES, before);
  }

  @Test
  void aClaimAboutAllCasesIsMadeOnlyWhereThereAreEnough() {
    assertEquals(1, made(10, 10));
    System.setProperty(CASES, "9");
    assertEquals(0, made(10, 10));
    System.setProperty(CASES, "1");
    assertEquals(0, made(10, 10));
    assertEquals(1, made(10, 1));
  }

  /** How often the claim was made. */
  private static int made(int shortCases, int leastCases) {
    int[] made = new int[1];
    try (var proof = new Proof(NAME, shortCases, 100)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> {});
      proof.together(leastCases, "a claim", () -> made[0]++);
    }
    return made[0];
  }

  @Test
  void aClaimThatNoTestMakesIsRefused() {
    var refused = assertThrows(IllegalArgumentException.class, () -> made(10, 11));
    assertTrue(refused.getMessage().contains("no test makes the claim"), refused.getMessage());
  }

  @Test
  void aProofOfNothingFails() {
    var nothing = assertThrows(AssertionError.class, () -> new Proof(NAME, 0, 0).close());
    assertTrue(nothing.getMessage().contains("no case was checked"), nothing.getMessage());
  }
}
