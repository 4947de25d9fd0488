package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Schedules that chance meets rarely: each rule that looks odd, and each bug that was found. */
final class DirectedScheduleTest {
  private static final MixerSpec PROBING = SimConfig.probing(1, 5);
  private static final MixerSpec ODM = SimConfig.odm(Map.of("variant", "reference"));
  private static final MixerSpec EVEN = SimConfig.fixed(1, 1);
  private static final Set<Fault> APPENDED =
      EnumSet.of(
          Fault.CRASH_BEFORE_WRITE,
          Fault.CRASH_AFTER_WRITE,
          Fault.FAIL_BEFORE_WRITE,
          Fault.FAIL_AFTER_WRITE);
  private static final Act LAUNCH = new Act.Launch(0, 0, Fault.NONE, false, true);

  /** A step of a world of 1: pulled, evaluated if that is due, trained and posted. */
  private static final List<Act> STEP =
      List.of(
          pull(Fault.NONE), new Act.Train(0), new Act.Train(0), post(Fault.NONE), post(Fault.NONE));

  private static Act pull(Fault fault) {
    return new Act.Pull(0, 0, fault);
  }

  private static Act post(Fault fault) {
    return new Act.Post(0, 1, fault);
  }

  private static Act swap(String mode, int ahead, MixerSpec mixer) {
    return new Act.Swap(mode, ahead, mixer, "own", Fault.NONE);
  }

  /** Two groups, two rows, L = 1: nothing is ahead of anything. */
  private static SimConfig small(MixerSpec mixer, boolean deaf) {
    var habits = new SimConfig.Habits(0, 1, deaf, true, false, false, false);
    return small(mixer, 1, habits);
  }

  private static SimConfig small(MixerSpec mixer, int lookahead, SimConfig.Habits habits) {
    var spec =
        RunSpec.draft(1, SimConfig.groups(2), 2, SimConfig.ROW_TOKENS)
            .mixer(mixer)
            .lookahead(lookahead)
            .issueAhead(0)
            .validationRows(2)
            .spec();
    return new SimConfig(spec, new long[] {60, 200}, 8, List.of(1), habits);
  }

  private static Sim run(SimConfig config, List<?>... parts) {
    var acts = new ArrayList<Act>();
    for (List<?> part : parts) for (Object act : part) acts.add((Act) act);
    var sim = new Sim(config);
    for (Act act : acts) sim.perform(act);
    sim.finish();
    SimAudit.check(sim);
    SimTwin.check(sim);
    return sim;
  }

  private static long count(Sim sim, Predicate<Event> events) {
    return sim.server.store.log().stream().map(Entry::event).filter(events).count();
  }

  private static long missing(Sim sim) {
    return count(sim, e -> e instanceof Event.StepClosed c && !c.complete())
        + count(sim, e -> e instanceof Event.BoundaryClosed b && !b.posted());
  }

  /** For those who hunt bugs that chance meets too rarely. */
  static void runAll() throws ReflectiveOperationException {
    for (Method method : DirectedScheduleTest.class.getDeclaredMethods())
      if (method.isAnnotationPresent(Test.class)) method.invoke(new DirectedScheduleTest());
  }

  @Test
  void aSwapIsNotTakenBackWhereThatMakesValidationDueUnannounced() {
    // PROBING's main phase begins at step 2; EVEN takes over there and is taken back at upTo.
    Sim sim =
        run(
            small(PROBING, false),
            List.of(LAUNCH),
            STEP,
            List.of(swap("step", 1, EVEN), pull(Fault.NONE), new Act.Cancel(0, Fault.NONE)));
    assertEquals(1, count(sim, e -> e instanceof Event.MixerInstalled m && m.effectiveStep() == 2));
    assertEquals(1, count(sim, e -> e instanceof Event.Issued i && i.upTo() == 2), "it is at upTo");
    assertEquals(0, count(sim, e -> e instanceof Event.OperationCancelled));
    assertEquals(0, missing(sim));
  }

  @Test
  void aMixerThatAwaitsValidationAtItsStartTakesEffectAfterUpTo() {
    Sim sim =
        run(small(EVEN, false), List.of(LAUNCH), STEP, STEP, List.of(swap("now", 0, PROBING)));
    assertEquals(1, count(sim, e -> e instanceof Event.MixerInstalled m && m.effectiveStep() == 3));
    assertEquals(0, missing(sim));
  }

  @Test
  void anOperatorFreesARunThatWaitsForDeadReporters() {
    Sim sim =
        run(
            small(ODM, true),
            List.of(LAUNCH, pull(Fault.NONE), new Act.Train(0), pull(Fault.NONE)));
    assertEquals(1, count(sim, e -> e instanceof Event.Issued i && i.upTo() == 1), "it waits");
    assertEquals(0, count(sim, e -> e instanceof Event.FeedbackPosted), "nobody reports");
    assertEquals(1, count(sim, e -> e instanceof Event.MixerInstalled m && m.effectiveStep() == 1));
    assertEquals(1, count(sim, e -> e instanceof Event.Issued i && i.upTo() == 8), "it is free");
  }

  @Test
  void aSwapIsNotTakenBackOnceItsValidationIsTaken() {
    // Both mixers have a boundary at step 1; the swapped-in one has taken the losses.
    Sim sim =
        run(
            small(PROBING, false),
            List.of(LAUNCH, swap("step", 1, SimConfig.probing(1, 7))),
            STEP,
            List.of(new Act.Train(0), post(Fault.NONE), new Act.Cancel(0, Fault.NONE)));
    assertEquals(0, count(sim, e -> e instanceof Event.OperationCancelled));
    assertEquals(1, count(sim, e -> e instanceof Event.BoundaryClosed b && b.step() == 1));
  }

  @Test
  void aForkClosesInheritedValidationForTheMixerItMeets() {
    // Attempt 0 evaluates step 2 and stops. Attempt 1, from step 1, puts another mixer there.
    // Attempt 2 goes on from attempt 0.
    Sim sim =
        run(
            small(PROBING, false),
            List.of(LAUNCH),
            STEP,
            STEP,
            List.of(pull(Fault.NONE), new Act.Train(0), post(Fault.NONE)),
            List.of(pull(Fault.NONE), new Act.Train(0)), // the checkpoint of step 2, and its step
            List.of(
                new Act.Launch(1, 0, Fault.NONE, false, true),
                swap("step", 1, SimConfig.probing(1, 7)),
                LAUNCH));
    assertEquals(
        1,
        count(sim, e -> e instanceof Event.BoundaryClosed b && b.step() == 2 && b.attempt() == 2));
  }

  @Test
  void aProbeRoundBeginsInAnHeirOfTheAttemptThatInstalledTheMixer() {
    // The second attempt begins at step 1, the second round at step 5.
    Sim sim = run(small(PROBING, false), List.of(LAUNCH), STEP, STEP, List.of(LAUNCH));
    assertEquals(1, count(sim, e -> e instanceof Event.AttemptOpened o && o.fromStep() == 1));
    assertEquals(
        1,
        count(sim, e -> e instanceof Event.BoundaryClosed b && b.step() == 5 && b.attempt() == 1));
  }

  @Test
  void aLaunchIsFoundThoughItsAppendFailedOnceWritten() {
    var launch = new Act.Launch(0, 0, Fault.FAIL_AFTER_WRITE, false, true);
    Sim sim = run(small(ODM, false), List.of(launch), STEP);
    assertEquals(1, sim.server.store.met(Fault.FAIL_AFTER_WRITE));
    assertEquals(1, count(sim, e -> e instanceof Event.AttemptOpened));
  }

  @Test
  void anIssueIsFoundThoughItsAppendFailedOnceWritten() {
    Sim sim =
        run(
            small(ODM, false),
            List.of(LAUNCH, pull(Fault.FAIL_AFTER_WRITE), pull(Fault.NONE), new Act.Train(0)),
            List.of(post(Fault.FAIL_AFTER_WRITE), post(Fault.CRASH)),
            STEP);
    assertEquals(2, sim.server.store.met(Fault.FAIL_AFTER_WRITE), "an issue and a post");
    assertEquals(1, count(sim, e -> e instanceof Event.Issued i && i.upTo() == 1));
    assertEquals(1, count(sim, e -> e instanceof Event.FeedbackPosted f && f.step() == 0));
  }

  @Test
  void aBoundaryIsVerifiedWithTheMixerThatClosedIt() {
    Sim sim =
        run(
            small(PROBING, false),
            List.of(LAUNCH, new Act.Train(0), post(Fault.NONE), swap("now", 0, ODM)));
    assertEquals(
        1,
        count(
            sim,
            e ->
                e instanceof Event.BoundaryClosed b
                    && b.step() == 0
                    && b.decided().mixer().equals("test-probing")));
    assertEquals("odm", sim.fact(0, 0).installation().mixer().name());
  }

  @Test
  void theOpeningAndWhatItFindsMissingAreOneCommit() {
    // Nothing waits for the feedback of step 1: neither the checkpoint of step 2 nor, as L = 2,
    // that
    // step itself.
    var careless = new SimConfig.Habits(0, 1, false, true, false, true, false);
    SimConfig config = small(ODM, 2, careless);
    List<Act> unposted = List.of(pull(Fault.NONE), new Act.Train(0), new Act.Train(0));
    for (Fault fault : Fault.values()) {
      var launch = new Act.Launch(0, 0, fault, false, true);
      Sim sim = run(config, List.of(LAUNCH), STEP, unposted, unposted, List.of(launch, launch));
      assertTrue(missing(sim) > 0, () -> "nothing is missing under " + fault);
      if (!APPENDED.contains(fault)) continue;
      assertTrue(sim.server.store.met(fault) > 0, () -> "no append met " + fault);
    }
  }
}
