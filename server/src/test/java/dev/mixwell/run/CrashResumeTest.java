package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.fold.Installation;
import dev.mixwell.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Four ranks die at step 100 and all go on from the checkpoint of step 90. */
final class CrashResumeTest {
  private static final int RANKS = 4;
  private static final long CRASH = 100;
  private static final long CHECKPOINT = 90;
  private static final long SWAP = 95;
  private static final long STEPS = 120;

  private record Case(
      int seed, int lookahead, RunSpec.Reporters reporters, MixerSpec from, MixerSpec to) {}

  @Test
  void ranksResumeTogetherAndASwapIsReplayedAtItsStep() {
    try (var proof = new Proof("crash-resume", 12, 600)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> resume(drawn(seed)));
    }
  }

  /** Every twelve seeds: each lookahead, both kinds of reporters, both directions of the swap. */
  private static Case drawn(int seed) {
    MixerSpec odm = SimConfig.odm(Map.of("variant", "reference"));
    MixerSpec probing = SimConfig.probing(2, 11);
    return new Case(
        seed,
        new int[] {1, 2, 8}[seed % 3],
        seed / 3 % 2 == 0 ? RunSpec.Reporters.REDUCED : RunSpec.Reporters.RANKS,
        seed / 6 % 2 == 0 ? odm : probing,
        seed / 6 % 2 == 0 ? probing : odm);
  }

  private static void resume(Case c) {
    var random = new SplittableRandom(c.seed());
    var spec = SimConfig.spec(c.seed(), c.from(), 48, c.lookahead(), c.reporters());
    int prefetch = random.nextInt(c.lookahead());
    var habits = new SimConfig.Habits(prefetch, 10, false, true, false, false, false);
    var sim = new Sim(SimConfig.of(spec, STEPS, habits, RANKS));
    SimJob first = sim.launch(0, RANKS);
    sim.advance(first, 10 + random.nextInt(60));
    long swap = sim.swap(c.to(), Long.toString(SWAP), "current", Fault.NONE).operation();
    sim.advance(first, CRASH);
    List<Fact> before = below(sim, first, CHECKPOINT);
    assertEquals(swap, sim.fact(first.attempt, SWAP).installation().operation());

    sim.server.restart();
    SimJob second = sim.launch(CHECKPOINT, RANKS);
    sim.advance(second, STEPS);
    List<Fact> after = below(sim, second, CHECKPOINT);
    for (int k = 0; k < CHECKPOINT; k++)
      assertTrue(before.get(k).isSameAs(after.get(k)), "step " + k);
    Installation replayed = sim.fact(second.attempt, SWAP).installation();
    assertEquals(swap, replayed.operation());
    assertEquals(second.attempt, replayed.attempt().number());
    assertNotEquals(swap, sim.fact(second.attempt, SWAP - 1).installation().operation());
    SimAudit.check(sim);
    assertTrue(SimTwin.check(sim), "has a twin");
  }

  private static List<Fact> below(Sim sim, SimJob job, long step) {
    var facts = new ArrayList<Fact>();
    for (long k = 0; k < step; k++) facts.add(sim.fact(job.attempt, k));
    return facts;
  }
}
