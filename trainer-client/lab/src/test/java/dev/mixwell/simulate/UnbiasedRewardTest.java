package dev.mixwell.simulate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import dev.mixwell.run.Mutant;
import dev.mixwell.run.MutantLoader;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** ODM's importance-weighted rewards have the mean of the true losses, and only by the right q. */
final class UnbiasedRewardTest {
  private static final int[] LOOKAHEADS = {1, 8};

  @Test
  void odmRewardsAreUnbiasedAndAnotherStepsProportionsAreNoticed() throws Exception {
    try (var proof = new Proof("odm-unbiased", 1, 10)) {
      double bound = bound(proof.cases());
      for (long seed : proof.seeds())
        for (int lookahead : LOOKAHEADS)
          proof.check(
              "seed %d lookahead %d".formatted(seed, lookahead),
              () -> {
                double[][] z = new Rewards().apply(lookahead, seed);
                assertTrue(largest(z[0]) < bound, () -> "rewards are off by " + shown(z[0]));
                assertTrue(largest(z[1]) > bound, () -> "q of k - 1 passes at " + shown(z[1]));
                assertTrue(largest(z[2]) > bound, () -> "q of k + 1 passes at " + shown(z[2]));
              });
      proof.check("a server that takes q of k - 1", () -> catches(neighbour(-1), 1, bound));
      proof.check("a server that takes q of k + 1", () -> catches(neighbour(1), 8, bound));
    }
  }

  /** 3 standard errors for six numbers; more numbers have larger extremes. */
  private static double bound(int seeds) {
    return Math.sqrt(9 + 2 * Math.log(seeds));
  }

  /**
   * At lookahead 1 the step after is decided by the close itself, so that no server can take it.
   */
  private static Mutant neighbour(int distance) {
    return Mutant.of(
        "weighs by the q of k + " + distance,
        "fold/Closer",
        "seenAt(plan, in.effectiveStep()",
        "seenAt(step + %d >= 0 && planner.plan(attempt, step + %d) instanceof StepPlan other"
                .formatted(distance, distance)
            + " ? new StepPlan(plan.attempt(), step, in, plan.proposal(), other.q(), plan.units())"
            + " : plan, in.effectiveStep()");
  }

  @SuppressWarnings("unchecked") // the same interface, whoever loaded the class
  private static void catches(Mutant mutant, int lookahead, double bound) throws Exception {
    Class<?> rewards = MutantLoader.of(mutant).loadClass(Rewards.class.getName());
    var mutated =
        (BiFunction<Integer, Long, double[][]>) rewards.getDeclaredConstructor().newInstance();
    double[] z = mutated.apply(lookahead, 0L)[0];
    assertTrue(largest(z) > bound, () -> "survives at " + shown(z));
  }

  private static double largest(double[] z) {
    return Arrays.stream(z).map(Math::abs).max().orElseThrow();
  }

  private static String shown(double[] z) {
    return Arrays.toString(z) + " standard errors";
  }
}
