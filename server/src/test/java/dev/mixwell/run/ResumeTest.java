package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.proof.Proof;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ResumeTest {
  private static final long STEPS = 60;

  @Test
  void aResumedRunTrainsTheRowsOfAnUninterruptedOne() {
    try (var proof = new Proof("resume", 10, 500)) {
      for (int seed : proof.seeds())
        proof.check(
            "seed " + seed,
            () -> {
              for (MixerSpec mixer : SimConfig.mixers()) killAndResume(mixer, seed);
            });
    }
  }

  private static void killAndResume(MixerSpec mixer, int seed) {
    var random = new SplittableRandom(seed);
    int lookahead = SimConfig.pick(random, 1, 2, 5, 8);
    var spec = SimConfig.spec(seed, mixer, 12, lookahead, RunSpec.Reporters.REDUCED);
    int prefetch = random.nextInt(lookahead);
    var habits = new SimConfig.Habits(prefetch, 1, false, true, false, false, false);
    var sim = new Sim(SimConfig.of(spec, STEPS, habits, 1, 2, 3, 4));
    long kill = random.nextLong(1, STEPS);
    sim.advance(sim.launch(0, 1 + random.nextInt(4)), kill);
    for (int times = 1 + random.nextInt(2); times > 0; times--) {
      sim.server.restart();
      SimJob again = sim.launch(random.nextLong(kill), 1 + random.nextInt(4));
      kill = random.nextLong(again.fromStep, STEPS) + 1;
      sim.advance(again, kill);
    }
    sim.finish();
    SimAudit.check(sim);
    assertTrue(SimTwin.check(sim), "has a twin");
  }
}
