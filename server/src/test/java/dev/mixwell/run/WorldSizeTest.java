package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.proof.Proof;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class WorldSizeTest {
  private static final long STEPS = 1_000;
  private static final Integer[] WORLDS = {1, 3, 8, 16};
  private static final List<MixerSpec> MOVING =
      List.of(
          SimConfig.odm(Map.of("variant", "exp3", "rewardDivisor", 1)),
          SimConfig.odm(Map.of("alpha", 0.5)),
          SimConfig.probing(5, 40));

  @Test
  void theUnionOverRanksIsTheSameForEveryWorld() {
    try (var proof = new Proof("world-size", 3, 60)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> compareWorlds(seed));
    }
  }

  private static void compareWorlds(int seed) {
    MixerSpec mixer = MOVING.get(seed % MOVING.size());
    var spec = SimConfig.spec(seed, mixer, 48, 4, RunSpec.Reporters.REDUCED);
    var habits = new SimConfig.Habits(3, 50, false, true, false, false, false);
    SimConfig config = SimConfig.of(spec, STEPS, habits, WORLDS);
    TreeMap<Long, long[]> one = train(config, 1);
    for (int world : List.of(3, 8, 16)) SimTwin.compare(one, train(config, world));
    SimTwin.compare(one, train(config, 8, 3, 16, 1));
    assertEquals(STEPS, one.size());
    assertTrue(isMoving(one), "the mixture moves");
  }

  /** Launches with these worlds, each from the checkpoint where the one before was stopped. */
  private static TreeMap<Long, long[]> train(SimConfig config, int... worlds) {
    var sim = new Sim(config);
    SimJob job = sim.launch(0, worlds[0]);
    for (int i = 1; i < worlds.length; i++) {
      long stop = STEPS * i / worlds.length / 50 * 50;
      sim.advance(job, stop + 1);
      job = sim.launch(stop, worlds[i]);
    }
    sim.advance(job, STEPS);
    return job.history;
  }

  private static boolean isMoving(TreeMap<Long, long[]> history) {
    var counts = new TreeSet<Integer>();
    for (long[] rows : history.values()) {
      int first = 0;
      for (long row : rows) if (Fact.group(row) == 0) first++;
      counts.add(first);
    }
    return counts.size() > 3;
  }
}
