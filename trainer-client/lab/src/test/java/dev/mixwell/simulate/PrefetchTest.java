package dev.mixwell.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A client that prefetches gets on, whatever it prefetches: within the contract nothing makes it
 * wait but validation; beyond it, every refused pull says what is missing.
 */
final class PrefetchTest {
  private static final World WORLD = Worlds.of("helping");
  private static final int MOST_LOOKAHEAD = 8;
  private static final int STEPS = 60;
  private static final int ROWS = 8;
  private static final List<String> GROUPS =
      WORLD.groups().stream().map(World.Group::name).toList();

  /** Those with parameters to try; every mixer is tried once besides. */
  private static final List<MixerSpec> MIXERS =
      List.of(
          new MixerSpec("odm", Map.of("variant", "reference", "warmupSteps", 5)),
          new MixerSpec("odm", Map.of("variant", "exp3", "rewardDivisor", 1)),
          new MixerSpec("doremi", Map.of("variant", "aioli", "sampling", "proportions")),
          new MixerSpec("test-probing", Map.of("segment", 1, "round", 3)),
          new MixerSpec("test-probing", Map.of("segment", 3, "round", 13)),
          aioli(Map.of("sweeps", 1, "segmentSteps", 1, "roundSteps", 3)),
          aioli(Map.of("sweeps", 2, "segmentSteps", 3, "roundSteps", 17)),
          aioli(Map.of("variant", "static", "sweeps", 1, "segmentSteps", 4)));

  private static MixerSpec aioli(Map<String, Object> parameters) {
    return new MixerSpec("aioli", parameters);
  }

  @Test
  void everyPrefetchFinishesAtEveryLookahead() {
    int combinations = MOST_LOOKAHEAD * MOST_LOOKAHEAD;
    try (var proof = new Proof("prefetch", combinations, 20 * combinations)) {
      for (int combination = 0; combination < proof.cases(); combination++) {
        int lookahead = 1 + combination % MOST_LOOKAHEAD;
        int prefetch = combination / MOST_LOOKAHEAD % MOST_LOOKAHEAD;
        long delay = combination / combinations * (SyntheticTrainer.STEP_MILLIS / 2);
        var habits = new SyntheticTrainer.Habits(prefetch, delay);
        proof.check(
            "lookahead %d %s".formatted(lookahead, habits),
            () -> {
              for (MixerSpec mixer : mixers()) finishes(mixer, lookahead, habits);
            });
      }
    }
  }

  private static List<MixerSpec> mixers() {
    var all = new ArrayList<>(MIXERS);
    var names = new TreeSet<String>();
    for (MixerSpec spec : MixersUnderTest.specs(GROUPS)) if (names.add(spec.name())) all.add(spec);
    return all;
  }

  private static void finishes(MixerSpec mixer, int lookahead, SyntheticTrainer.Habits habits) {
    String what = "%s lookahead %d %s: ".formatted(mixer, lookahead, habits);
    Setting setting = Setting.of(STEPS, ROWS, lookahead).with(habits);
    var simulation = new Simulation(WORLD, mixer, setting, 1);
    SyntheticTrainer trainer = simulation.trainer();
    trainer.trainTo(STEPS);
    Map<FeedbackKind, Long> waits = trainer.waits();
    FeedbackKind awaits = simulation.run().plan(trainer.attempt(), 0).mixer().awaits();
    assertEquals(STEPS, trainer.step(), what);
    assertTrue(waits.isEmpty() || waits.keySet().equals(Set.of(awaits)), what + waits);
    if (awaits == null || awaits == FeedbackKind.VALIDATION) return;
    long lateSteps = Math.ceilDiv(habits.postDelayMillis(), SyntheticTrainer.STEP_MILLIS);
    boolean withinContract = habits.prefetch() + lateSteps <= lookahead - 1;
    assertEquals(withinContract, waits.isEmpty(), what + waits);
  }
}
