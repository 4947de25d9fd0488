package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import org.junit.jupiter.api.Test;

/**
 * The whole contract under random schedules of trainers, operators and faults. A failing seed runs
 * again with {@code -Dmixwell.seed=N -Dmixwell.cases=1}, which also shows the shortest schedule
 * that breaks the same promise.
 */
final class SimulationTest {
  @Test
  void everyPromiseHoldsUnderAnySchedule() {
    int twins = 0;
    int deciders = 0;
    try (var proof = new Proof("simulation", 1_000, 100_000)) {
      for (int seed : proof.seeds()) {
        Schedule schedule = Schedule.of(seed);
        Schedule.Outcome[] outcome = new Schedule.Outcome[1];
        proof.check(
            "seed " + seed,
            () -> {
              try {
                outcome[0] = schedule.run();
              } catch (Broken failure) {
                throw proof.cases() == 1 ? shortest(schedule, failure) : failure;
              }
            });
        if (outcome[0] == null) continue;
        deciders += outcome[0].deciders();
        twins += outcome[0].twin() ? 1 : 0;
      }
      int foundTwins = twins;
      int foundDeciders = deciders;
      proof.together(
          100,
          "one schedule in ten has a twin",
          () -> assertTrue(foundTwins > proof.cases() / 10, foundTwins + " twins"));
      proof.together(
          100,
          "a schedule has posts that decide",
          () -> assertTrue(foundDeciders > proof.cases(), foundDeciders + " deciders"));
    }
  }

  private static Broken shortest(Schedule schedule, Broken failure) {
    Schedule least = schedule.shrunk(failure.promise);
    return new Broken(failure.promise, failure.getMessage() + "\n  " + least, failure);
  }
}
