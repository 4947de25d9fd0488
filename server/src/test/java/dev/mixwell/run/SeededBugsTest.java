package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * The simulation finds bugs: each {@link Mutant} is put into our source and simulated until a
 * promise breaks. Production code knows nothing of it.
 */
final class SeededBugsTest {
  private static final int MOST_SEEDS = 10_000;
  private static final int SHORT = 10;

  /** Seeds that chance is given before the directed schedules are tried. */
  private static final int DIRECTED_AFTER = 1_000;

  @Test
  void theSimulationFindsEverySeededBug() {
    List<Mutant> mutants = Mutant.all();
    try (var proof = new Proof("seeded-bugs", SHORT, mutants.size())) {
      for (Mutant mutant : mutants.subList(0, Math.min(proof.cases(), mutants.size())))
        proof.check(mutant.name(), () -> find(mutant));
    }
  }

  /** Whoever changes a line that a bug stands in learns it here, not in a soak. */
  @Test
  void everySeededBugStandsInTheSourceAndCompiles() {
    var broken = new ArrayList<String>();
    for (List<Mutant> group : groups(Mutant.all()))
      try {
        MutantLoader.compile(group);
      } catch (AssertionError | IOException some) {
        for (Mutant mutant : group) why(mutant).ifPresent(broken::add);
      }
    assertEquals(List.of(), broken, "mend these bugs in Mutant.java");
  }

  private static Optional<String> why(Mutant mutant) {
    try {
      MutantLoader.of(mutant);
      return Optional.empty();
    } catch (AssertionError | IOException failure) {
      return Optional.of(mutant.name() + ": " + failure.getMessage());
    }
  }

  /** Each of bugs that are in different files. */
  private static List<List<Mutant>> groups(List<Mutant> mutants) {
    var groups = new ArrayList<List<Mutant>>();
    for (Mutant mutant : mutants) {
      List<Mutant> apart =
          groups.stream()
              .filter(group -> group.stream().noneMatch(mutant::meets))
              .findFirst()
              .orElse(null);
      if (apart == null) groups.add(apart = new ArrayList<>());
      apart.add(mutant);
    }
    return groups;
  }

  @Test
  void noCommentIsMistakenForCode() {
    String source =
        "int a; // fold = null;\n/* fold\n = null; */ String b = \"// c\"; char d = '\"';";
    assertEquals(
        "int a;  \n  String b = \"// c\"; char d = '\"';", MutantLoader.withoutComments(source));
  }

  @Test
  void aQueryThatWritesDoesNotCompile() {
    var reads =
        Mutant.of(
            "reads",
            "answer/Answers",
            "var scheduled = new ArrayList<OperationView>();",
            "var scheduled = new ArrayList<OperationView>(1);");
    assertDoesNotThrow(() -> MutantLoader.of(reads));
    for (String write :
        List.of(
            "run.append(null, 0);",
            "run.apply(null);",
            "run.forget();",
            "run.attempts().newest().issued(9);",
            "run.attempts().newest().closed(9);",
            "run.operations().all().getFirst().cancelledAt = 9;",
            "run.operations().viewsChanged();",
            "run.ledger().trim();",
            "run.plans().trim();",
            "new dev.mixwell.fold.Fold(run).append(null, 0);",
            "((dev.mixwell.fold.Fold) run).append(null, 0);")) {
      var writes =
          Mutant.of(
              "writes",
              "answer/Answers",
              "var scheduled = new ArrayList<OperationView>();",
              write + "var scheduled = new ArrayList<OperationView>(1);");
      var failure = assertThrows(AssertionError.class, () -> MutantLoader.of(writes), write);
      assertTrue(failure.getMessage().contains("does not compile"), failure.getMessage());
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
    for (long seed = 0; seed < MOST_SEEDS; seed++) {
      boolean isFound = seed == DIRECTED_AFTER && !broken.apply(Hunt.DIRECTED).isEmpty();
      if (isFound || !broken.apply(seed).isEmpty()) return seed;
    }
    return -1;
  }
}
