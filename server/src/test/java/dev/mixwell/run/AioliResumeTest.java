package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A trainer dies at every step of two rounds of probes, and goes on from every step before. */
final class AioliResumeTest {
  private static final MixerSpec AIOLI = SimConfig.aioli(2, 9);
  private static final long STEPS = 24;
  private static final long TWO_ROUNDS = 18;
  private static final List<Integer> LOOKAHEADS = List.of(1, 3, 8);

  private record Case(long kill, long resume, int lookahead, int prefetch) {}

  @Test
  void everyPhaseOfARoundIsResumed() {
    List<Case> cases = cases();
    try (var proof = new Proof("aioli-resume", 60, cases.size())) {
      for (int seed : proof.seeds()) {
        Case c = cases.get((int) (seed * 7_919L % cases.size())); // coprime: spread over all
        proof.check("seed " + seed + " " + c, () -> killAndResume(seed, c));
      }
    }
  }

  private static List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (long kill = 1; kill <= TWO_ROUNDS; kill++)
      for (long resume = 0; resume < kill; resume++)
        for (int lookahead : LOOKAHEADS)
          for (int prefetch : lookahead == 1 ? List.of(0) : List.of(0, lookahead - 1))
            cases.add(new Case(kill, resume, lookahead, prefetch));
    return cases;
  }

  private static void killAndResume(int seed, Case c) {
    var spec = SimConfig.spec(seed, AIOLI, 12, c.lookahead(), RunSpec.Reporters.REDUCED);
    var habits = new SimConfig.Habits(c.prefetch(), 1, false, true, false, false, false);
    var sim = new Sim(SimConfig.of(spec, STEPS, habits, 1, 2, 3));
    sim.advance(sim.launch(0, 2), c.kill());
    sim.server.restart();
    sim.advance(sim.launch(c.resume(), 3), STEPS);
    sim.finish();
    SimAudit.check(sim);
    assertTrue(SimTwin.check(sim), "has a twin");
  }
}
