package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FencedAttemptsTest {
  private static final long STEPS = 30;

  @Test
  void aSupersededTrainerIsFencedForEverAndDisturbsNobody() {
    try (var proof = new Proof("fenced-attempts", 20, 200)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> fence(seed));
    }
  }

  private static void fence(int seed) {
    var random = new SplittableRandom(seed);
    List<MixerSpec> mixers = SimConfig.mixers();
    MixerSpec mixer = mixers.get(seed % mixers.size());
    int lookahead = SimConfig.pick(random, 1, 2, 4);
    var spec = SimConfig.spec(seed, mixer, 12, lookahead, RunSpec.Reporters.REDUCED);
    var habits =
        new SimConfig.Habits(random.nextInt(lookahead), 1, false, true, false, false, false);
    var sim = new Sim(SimConfig.of(spec, STEPS, habits, 1, 2, 3));
    var zombies = new ArrayList<SimJob>();
    SimJob job = sim.launch(0, 1 + random.nextInt(3));
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      sim.advance(job, 1 + random.nextLong(job.step, STEPS));
      zombies.add(job);
      job = sim.launch(random.nextLong(job.step), 1 + random.nextInt(3));
      for (SimJob zombie : zombies) isFenced(sim, zombie, job);
      sim.advance(job, Math.min(STEPS - 1, job.step + random.nextInt(5)));
      if (random.nextBoolean()) sim.server.restart();
      for (SimJob zombie : zombies) isFenced(sim, zombie, job);
    }
    sim.finish();
    SimAudit.check(sim);
    assertTrue(SimTwin.check(sim), "has a twin");
  }

  /** It pulls on, posts again and repeats its launch. */
  private static void isFenced(Sim sim, SimJob zombie, SimJob heir) {
    int events = sim.server.store.log().size();
    long next = Math.max(zombie.step, heir.fromStep);
    for (int rank = 0; rank < zombie.world; rank++)
      for (long step = next; step < next + 3; step++) {
        var url = new Sim.Url(zombie.attempt, step, rank);
        assertFenced(() -> sim.body(url));
      }
    for (SimJob.Post post : zombie.posts)
      assertFenced(() -> sim.server.run().post(zombie.attempt, post.step, post.request));
    long fence = zombie.step;
    for (SimJob later : sim.jobs.subList(sim.jobs.indexOf(zombie) + 1, sim.jobs.size()))
      fence = Math.min(fence, later.fromStep);
    for (long step = zombie.fromStep; step < fence; step++)
      sim.body(new Sim.Url(zombie.attempt, step, 0)); // what it was given stays
    var again = new AttemptRequest(zombie.fromStep, zombie.world, zombie.launchId, zombie.parent);
    assertEquals(zombie.attempt, sim.server.run().open(again).attempt());
    assertEquals(events, sim.server.store.log().size(), "events");
  }

  private static void assertFenced(Runnable request) {
    try {
      request.run();
    } catch (Refusal refusal) {
      assertEquals(ProblemType.FENCED, refusal.type());
      return;
    }
    throw new AssertionError("a superseded attempt is served");
  }
}
