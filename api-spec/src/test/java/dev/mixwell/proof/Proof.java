package dev.mixwell.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.opentest4j.AssertionFailedError;

/**
 * Counts the cases of one promise and ends with a line {@code NAME: N passed, N failed}. A test
 * runs the short form; with {@code -Dmixwell.soak=true} the same code runs the long one. One case
 * is the smallest form: what takes more is said by {@link #together}.
 *
 * <pre>{@code
 * try (var proof = new Proof("resume", 10, 500)) {
 *   for (int seed : proof.seeds()) proof.check("seed " + seed, () -> resumeEqualsTwin(seed));
 * }
 * }</pre>
 */
public final class Proof implements AutoCloseable {
  private static final boolean SOAK = Boolean.getBoolean("mixwell.soak");
  private static final int SHOWN_FAILURES = 5;

  /** A case: passes unless it throws. */
  public interface Case {
    void run() throws Exception;
  }

  private final String name;
  private final int shortCases;
  private final int cases;
  private final List<Throwable> failures = new ArrayList<>();
  private int passed;

  /**
   * @param shortCases how many cases the test runs
   * @param longCases how many the soak runs; {@code -Dmixwell.cases=N} replaces either
   */
  public Proof(String name, int shortCases, int longCases) {
    this.name = name;
    this.shortCases = shortCases;
    this.cases = Integer.getInteger("mixwell.cases", SOAK ? longCases : shortCases);
  }

  public int cases() {
    return cases;
  }

  /**
   * Consecutive seeds from {@code -Dmixwell.seed=N} (default 0), one a case: a failure names the
   * seed that repeats it.
   */
  public int[] seeds() {
    int first = Integer.getInteger("mixwell.seed", 0);
    int[] seeds = new int[cases];
    for (int i = 0; i < cases; i++) seeds[i] = first + i;
    return seeds;
  }

  public static boolean isSoak() {
    return SOAK;
  }

  public void check(String what, Case body) {
    try {
      body.run();
      passed++;
    } catch (Throwable failure) {
      if (failures.size() < SHOWN_FAILURES)
        System.out.println(name + ": FAILED " + what + ": " + failure);
      failures.add(new AssertionFailedError(name + ": " + what, failure));
    }
  }

  /**
   * Checks a claim about all cases together: that something came about in some of them, say. With
   * fewer cases than it takes, the claim is left out, and that is said.
   *
   * @param leastCases at most those of the short form, so that the tests make the claim
   */
  public void together(int leastCases, String what, Case body) {
    if (leastCases > shortCases)
      throw new IllegalArgumentException(
          "%s: no test makes the claim `%s`: it takes %,d cases, and the short form has %,d"
              .formatted(name, what, leastCases, shortCases));
    if (cases >= leastCases) check(what, body);
    else
      System.out.printf(
          Locale.ROOT,
          "%s: `%s` is a claim about at least %,d cases, and is left out with %,d%n",
          name,
          what,
          leastCases,
          cases);
  }

  /**
   * @throws AssertionError if a case failed, or none was checked
   */
  @Override
  public void close() {
    System.out.println(name + ": " + passed + " passed, " + failures.size() + " failed");
    if (passed + failures.size() == 0)
      throw new AssertionFailedError(name + ": no case was checked, so nothing is proven");
    if (!failures.isEmpty()) {
      var all =
          new AssertionFailedError(
              name
                  + ": "
                  + failures.size()
                  + " of "
                  + (passed + failures.size())
                  + " cases failed");
      failures.stream().limit(SHOWN_FAILURES).forEach(all::addSuppressed);
      throw all;
    }
  }
}
