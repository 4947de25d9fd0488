package dev.mixwell.run;

import dev.mixwell.proof.Proof;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * The simulation finds bugs: each {@link Mutant} is put into our source and simulated until a
 * promise breaks. Production code knows nothing of it.
 */
final class SeededBugsTest {
  private static final int MOST_SEEDS = 10_000;
  private static final int SHORT = 10;

  @Test
  void theSimulationFindsEverySeededBug() {
    List<Mutant> mutants = Mutant.all();
    try (var proof = new Proof("seeded-bugs", SHORT, mutants.size())) {
      for (Mutant mutant : mutants.subList(0, Math.min(proof.cases(), mutants.size())))
        proof.check(mutant.name(), () -> find(mutant));
    }
  }

  private static void find(Mutant mutant) throws Exception {
    if (firstBroken(mutant) < 0) throw new AssertionError("survives " + MOST_SEEDS + " schedules");
  }

  /** The first seed whose schedule breaks a promise; -1 if none of many does. */
  @SuppressWarnings("unchecked") // the same interface, whoever loaded the class
  static long firstBroken(Mutant mutant) throws Exception {
    Class<?> hunt = MutantLoader.of(mutant).loadClass(Hunt.class.getName());
    var broken = (LongFunction<String>) hunt.getDeclaredConstructor().newInstance();
    for (long seed = 0; seed < MOST_SEEDS; seed++) if (!broken.apply(seed).isEmpty()) return seed;
    return -1;
  }
}
