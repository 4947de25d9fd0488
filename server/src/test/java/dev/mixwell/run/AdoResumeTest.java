package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.proof.Proof;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A trainer and a server die around ADO's fits, which read losses of before back from the record.
 */
final class AdoResumeTest {
  private static final long STEPS = 232;
  private static final long FIRST_FIT = 200;

  @Test
  void aRunThatFitsIsTheSameAfterCrashes() {
    try (var proof = new Proof("ado-resume", 4, 100)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> killAndResume(seed));
    }
  }

  private static void killAndResume(int seed) {
    var random = new SplittableRandom(seed);
    var ado =
        new MixerSpec(
            "ado",
            Map.of(
                "ignoreSteps", 0,
                "startStep", FIRST_FIT,
                "updateInterval", 10,
                "smoothingWindow", 21,
                "sameStepSize", random.nextBoolean()));
    int lookahead = 1 + random.nextInt(8);
    var spec = SimConfig.spec(seed, ado, 12, lookahead, RunSpec.Reporters.REDUCED);
    var habits = new SimConfig.Habits(lookahead - 1, 1, false, true, false, false, false);
    var sim = new Sim(SimConfig.of(spec, STEPS, habits, 1, 2, 3));
    long kill = FIRST_FIT + random.nextInt(1, 30);
    sim.advance(sim.launch(0, 2), kill);
    sim.server.restart();
    sim.advance(sim.launch(random.nextLong(FIRST_FIT - 20, kill), 3), STEPS);
    sim.finish();
    SimAudit.check(sim);
    assertTrue(SimTwin.check(sim), "has a twin");
    var last = new SimTimeline(sim.server.store.log()).steps.getLast().event();
    assertEquals(3, last.decided().state().get("fitted").length, "has laws");
  }
}
