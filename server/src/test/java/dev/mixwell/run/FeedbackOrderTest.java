package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.Refusal;
import dev.mixwell.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every post is sent one to five times, shuffled, and many answers are lost. */
final class FeedbackOrderTest {
  private static final int RANKS = 4;
  private static final int STEPS = 500;
  private static final int POSTS = RANKS * STEPS;
  private static final int FEW = 60;

  private record Awaiting(FeedbackKind kind, MixerSpec mixer) {}

  private static final Awaiting EXP3 =
      new Awaiting(
          FeedbackKind.TRAIN, SimConfig.odm(Map.of("variant", "exp3", "rewardDivisor", 1)));
  private static final List<Awaiting> OTHERS =
      List.of(
          new Awaiting(
              FeedbackKind.EXCESS, new MixerSpec("doremi", Map.of("variant", "reference"))),
          new Awaiting(
              FeedbackKind.DIFFERENCE, new MixerSpec("doremi", Map.of("variant", "aioli"))),
          new Awaiting(
              FeedbackKind.ALIGNMENT,
              new MixerSpec("doge", Map.of("variant", "reference", "mu", 1e-3))));
  private static final List<Fault> FAULTS =
      List.of(
          Fault.NONE,
          Fault.NONE,
          Fault.RESPONSE_LOST,
          Fault.REQUEST_LOST,
          Fault.CRASH,
          Fault.FAIL_AFTER_WRITE,
          Fault.FAIL_BEFORE_WRITE);

  @Test
  void whatIsDecidedDependsOnNoOrderAndNoRepetition() {
    try (var proof = new Proof("feedback-order", 10_000, 1_000_000)) {
      int[] seeds = proof.seeds();
      for (int first = 0; first < seeds.length; first += POSTS) {
        int seed = seeds[first];
        List<String> shuffled = new ArrayList<>();
        List<String> ordered = new ArrayList<>();
        proof.check(
            "post " + first + " (seed " + seed + ")",
            () -> {
              shuffled.addAll(closes(EXP3, seed, STEPS, true));
              ordered.addAll(closes(EXP3, seed, STEPS, false));
              assertEquals(STEPS, shuffled.size());
            });
        for (int post = 1; post < Math.min(POSTS, seeds.length - first); post++) {
          int step = post / RANKS;
          proof.check(
              "post for step " + step + " (seed " + seed + ")",
              () -> assertEquals(ordered.get(step), shuffled.get(step)));
        }
      }
    }
  }

  /** A case is a run of {@link #FEW} steps. */
  @Test
  void theSameHoldsForEveryKindOfFeedback() {
    try (var proof = new Proof("feedback-order of other kinds", 6, 600)) {
      for (int seed : proof.seeds()) {
        Awaiting awaiting = OTHERS.get(seed % OTHERS.size());
        proof.check(
            awaiting + ", seed " + seed,
            () -> {
              List<String> shuffled = closes(awaiting, seed, FEW, true);
              assertEquals(FEW, shuffled.size());
              assertEquals(closes(awaiting, seed, FEW, false), shuffled);
            });
      }
    }
  }

  /** What every step closed with, in order. */
  private static List<String> closes(Awaiting awaiting, int seed, int steps, boolean shuffled) {
    var random = new SplittableRandom(seed);
    var spec = SimConfig.spec(seed, awaiting.mixer, 12, 8, RunSpec.Reporters.RANKS);
    var habits = new SimConfig.Habits(7, steps, false, true, true, false, false);
    var sim = new Sim(SimConfig.of(spec, steps, habits, RANKS));
    SimJob job = sim.launch(0, RANKS);
    while (job.step < steps || !job.unacknowledged().isEmpty()) {
      trainAhead(sim, job, awaiting.kind, steps);
      List<SimJob.Post> todo = job.unacknowledged();
      if (shuffled) sendShuffled(sim, job, todo, random);
      else for (SimJob.Post post : todo) sendUntilSettled(sim, job, post);
    }
    var timeline = new SimTimeline(sim.server.store.log());
    int reporters = awaiting.kind == FeedbackKind.ALIGNMENT ? 1 : RANKS;
    assertEquals(
        steps * reporters,
        timeline.posts.stream().filter(post -> post.kind() == awaiting.kind).count());
    return timeline.steps.stream().map(close -> Json.write(close.event())).toList();
  }

  /** Trains what is decided without posting any of it. */
  private static void trainAhead(Sim sim, SimJob job, FeedbackKind kind, int steps) {
    for (int i = 0; i < 8 && job.step < steps; i++) {
      try {
        for (int rank = 0; rank < RANKS; rank++) sim.pull(job, rank, job.step, Fault.NONE);
      } catch (Refusal undecided) {
        return;
      }
      job.train(kind);
    }
  }

  private static void sendShuffled(
      Sim sim, SimJob job, List<SimJob.Post> todo, SplittableRandom random) {
    var copies = new ArrayList<SimJob.Post>();
    for (SimJob.Post post : todo)
      for (int n = 1 + random.nextInt(5); n > 0; n--)
        copies.add(random.nextInt(copies.size() + 1), post);
    for (SimJob.Post post : copies) send(sim, job, post, FAULTS.get(random.nextInt(FAULTS.size())));
    int some = random.nextInt(todo.size() + 1); // the others are sent with the next
    for (SimJob.Post post : todo.subList(0, some)) sendUntilSettled(sim, job, post);
  }

  private static void sendUntilSettled(Sim sim, SimJob job, SimJob.Post post) {
    for (int times = 0; times < 3 && !post.acknowledged; times++) send(sim, job, post, Fault.NONE);
    assertTrue(post.acknowledged, "settled");
  }

  private static void send(Sim sim, SimJob job, SimJob.Post post, Fault fault) {
    try {
      sim.post(job, post, fault);
    } catch (Lost | Refusal again) {
      return; // sent again, or mended if it was bad
    }
  }
}
