package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.RunSpec;
import dev.mixwell.fold.Installation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SwapTest {
  private static final int STEPS = 32;
  private static final int LAST_SWAP = 24;
  private static final List<String> MODES = List.of("now", "phase-end", "step");
  private static final List<String> STARTS = List.of("own", "current");

  /** Coprime to the number of cases, so that few of them are spread over all. */
  private static final int STRIDE = 3_571;

  private record Swap(int at, String mode, String start, MixerSpec from, MixerSpec to) {}

  @Test
  void aSwapChangesNoIssuedStepAndNoFeedbackGoesAstray() {
    List<Swap> swaps = swaps();
    try (var proof = new Proof("swaps", 50, 6_000)) {
      for (int seed : proof.seeds()) {
        Swap swap = swaps.get((int) ((long) seed * STRIDE % swaps.size()));
        proof.check("seed " + seed + " " + swap, () -> check(seed, swap));
      }
    }
  }

  private static List<Swap> swaps() {
    var swaps = new ArrayList<Swap>();
    for (int at = 0; at < LAST_SWAP; at++)
      for (MixerSpec from : SimConfig.mixers())
        for (MixerSpec to : SimConfig.mixers())
          for (String mode : MODES)
            for (String start : STARTS) swaps.add(new Swap(at, mode, start, from, to));
    return swaps;
  }

  private static void check(int seed, Swap swap) {
    int lookahead = 1 + seed % 4;
    var reporters = seed % 3 == 0 ? RunSpec.Reporters.RANKS : RunSpec.Reporters.REDUCED;
    var spec = SimConfig.spec(seed, swap.from(), 12, lookahead, reporters);
    var habits = new SimConfig.Habits(lookahead - 1, 4, false, true, false, false, false);
    var sim = new Sim(SimConfig.of(spec, STEPS, habits, 3));
    SimJob job = sim.launch(0, 3);
    sim.advance(job, swap.at());
    long upTo = sim.server.run().upTo();
    List<Fact> before = facts(sim, job, upTo);
    OperationView accepted = swap(sim, swap, upTo);
    sim.advance(job, STEPS);

    List<Fact> after = facts(sim, job, upTo);
    for (int k = 0; k < upTo; k++) assertTrue(before.get(k).isSameAs(after.get(k)), "step " + k);
    isInForceFrom(sim, job, accepted);
    if (swap.mode().equals("phase-end")) leavesNoProbe(sim, job, accepted.effectiveStep());
    SimAudit.check(sim);
    assertTrue(SimTwin.check(sim), "has a twin");
  }

  private static OperationView swap(Sim sim, Swap swap, long upTo) {
    boolean step = swap.mode().equals("step");
    String effective = step ? Long.toString(upTo + 1 + swap.at() % 3) : swap.mode();
    OperationView accepted = sim.swap(swap.to(), effective, swap.start(), Fault.NONE);
    assertTrue(accepted.effectiveStep() >= upTo, "effective at " + accepted.effectiveStep());
    if (step) assertEquals(effective, Long.toString(accepted.effectiveStep()));
    return accepted;
  }

  private static void isInForceFrom(Sim sim, SimJob job, OperationView swap) {
    long effective = swap.effectiveStep();
    if (effective >= STEPS) return;
    assertEquals(swap.operation(), sim.fact(job.attempt, effective).installation().operation());
    if (effective == 0) return;
    Installation last = sim.fact(job.attempt, effective - 1).installation();
    assertNotEquals(swap.operation(), last.operation());
  }

  /** Where a mixer that probes takes over, the next step is the first that it may have. */
  private static void leavesNoProbe(Sim sim, SimJob job, long effective) {
    if (effective == 0 || effective >= STEPS) return;
    Installation in = sim.fact(job.attempt, effective).installation();
    Installation last = sim.fact(job.attempt, effective - 1).installation();
    long asked = in.isBoundary(effective) ? effective - 1 : effective;
    boolean probing =
        last.phase(effective) instanceof Phase.Probe && last.phase(asked) instanceof Phase.Probe;
    assertFalse(probing, "taken over within a probe at step " + effective);
  }

  private static List<Fact> facts(Sim sim, SimJob job, long upTo) {
    var facts = new ArrayList<Fact>();
    for (long k = 0; k < upTo; k++) facts.add(sim.fact(job.attempt, k));
    return facts;
  }
}
