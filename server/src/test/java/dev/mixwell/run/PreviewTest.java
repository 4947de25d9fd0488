package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.PreviewAnswer;
import dev.mixwell.api.PreviewRequest;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Recorded;
import dev.mixwell.preview.Preview;
import dev.mixwell.proof.Proof;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A preview of a mixer that was in force gives, bit for bit, what the run recorded of it. */
final class PreviewTest {
  @Test
  void whatWasInForceIsFoldedAgainUnderAnySchedule() {
    var compared = new AtomicInteger();
    try (var proof = new Proof("previews", 300, 30_000)) {
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> compared.addAndGet(check(Schedule.of(seed))));
      proof.together(
          300,
          "a schedule has closes to compare",
          () -> assertTrue(compared.get() > proof.cases(), compared + " closes compared"));
    }
  }

  @Test
  void aMixerThatReadsItsHistoryReadsTheSame() {
    for (boolean isSame : List.of(true, false)) {
      Map<String, Object> often =
          Map.of("ignoreSteps", 0, "startStep", 200, "updateInterval", 20, "sameStepSize", isSame);
      RunSpec spec =
          SimConfig.spec(7, new MixerSpec("ado", often), 12, 4, RunSpec.Reporters.REDUCED);
      var sim = new Sim(SimConfig.of(spec, 230, SimConfig.Habits.patient(50, true, false), 1));
      sim.finish();
      assertTrue(compare(sim) > 220);
    }
  }

  /** How many closes were compared. */
  private static int check(Schedule schedule) {
    var sim = new Sim(schedule.config());
    var follower = new Follower(sim);
    for (Act act : schedule.acts()) {
      sim.perform(act);
      follower.look();
    }
    int compared = compare(sim) + follower.compare();
    sim.finish();
    follower.look();
    return compared + follower.compare() + compare(sim);
  }

  /** Every mixer of the newest lineage, over the steps at which it was in force. */
  private static int compare(Sim sim) {
    int compared = 0;
    for (Reign reign : reigns(sim)) {
      long size = sim.server.store.size();
      List<PreviewAnswer.Close> closes = told(sim, reign.request(false));
      assertEquals(size, sim.server.store.size(), "a preview records nothing");
      closes.removeIf(close -> close.step() >= reign.to);
      assertSame(reign.recorded, closes);
      compared += closes.size();
    }
    return compared;
  }

  private static void assertSame(TreeMap<Long, double[]> recorded, List<PreviewAnswer.Close> told) {
    assertEquals(List.copyOf(recorded.keySet()), told.stream().map(c -> c.step()).toList());
    for (PreviewAnswer.Close close : told) {
      double[] p = close.p().values().stream().mapToDouble(Double::doubleValue).toArray();
      assertArrayEquals(recorded.get(close.step()), p, 0.0, "step " + close.step());
      assertFalse(close.offPolicy(), "step " + close.step());
    }
  }

  /** To the end, or to where another mixer's reign leaves it without feedback. */
  private static List<PreviewAnswer.Close> told(Sim sim, PreviewRequest request) {
    var closes = new ArrayList<PreviewAnswer.Close>();
    sim.server.call(
        Fault.NONE,
        () -> {
          Preview preview = new Preview(sim.server.run(), request);
          try {
            Preview.Page page;
            do {
              page = preview.next();
              closes.addAll(page.closes());
            } while (!page.isLast());
          } catch (Refusal refusal) {
            assertEquals(ProblemType.NOT_PREVIEWABLE, refusal.type(), refusal::detail);
          }
          return closes;
        });
    return closes;
  }

  /**
   * A mixer in force.
   *
   * @param to the step at which another takes over
   * @param recorded p by step, as closed in the newest lineage
   */
  private record Reign(Event.MixerInstalled event, long to, TreeMap<Long, double[]> recorded) {
    PreviewRequest request(boolean follow) {
      String start = event.fromCurrent() ? "current" : "own";
      return new PreviewRequest(
          Recorded.mixerSpec(event.mixer()), event.effectiveStep(), start, follow);
    }
  }

  private static List<Reign> reigns(Sim sim) {
    return sim.server.read(
        folded -> {
          var reigns = new ArrayList<Reign>();
          if (folded.attempts().isEmpty()) return reigns;
          Attempt a = folded.attempts().newest();
          for (long from = 0; from <= a.upTo(); ) {
            Installation in = folded.operations().installation(a, from);
            long to = from;
            while (to <= a.upTo() && folded.operations().installation(a, to).isSameAs(in)) to++;
            if (in.effectiveStep() == from)
              reigns.add(new Reign(in.event(), to, recorded(folded, a, in, to)));
            from = to;
          }
          return reigns;
        });
  }

  private static TreeMap<Long, double[]> recorded(Folded run, Attempt a, Installation in, long to) {
    var recorded = new TreeMap<Long, double[]>();
    for (long step = in.effectiveStep(); step < to; step++) {
      Event.StepClosed close = in.awaitsStep() ? run.ledger().stepClosed(a, step) : null;
      if (close != null) recorded.put(step, close.decided().p());
      Event.BoundaryClosed boundary =
          in.isBoundary(step) ? run.ledger().boundaryClosed(a, step) : null;
      if (boundary != null) recorded.put(step, boundary.decided().p());
    }
    return recorded;
  }

  /** Follows the first mixer of a run from its first attempt on. */
  private static final class Follower {
    private final Sim sim;
    private final TreeMap<Long, PreviewAnswer.Close> told = new TreeMap<>();
    private Run run;
    private Preview preview;
    private boolean isOver;

    Follower(Sim sim) {
      this.sim = sim;
    }

    void look() {
      if (isOver) return;
      sim.server.call(Fault.NONE, this::read);
    }

    private boolean read() {
      if (run != sim.server.run()) { // another server: its clients come back
        run = sim.server.run();
        preview = new Preview(run, new PreviewRequest(sim.config.spec().mixer(), 0L, null, true));
        told.clear();
      }
      try {
        Preview.Page page;
        do {
          page = preview.next();
          if (page.fork() != null) told.tailMap(page.fork().fromStep(), true).clear();
          for (PreviewAnswer.Close close : page.closes()) told.put(close.step(), close);
        } while (page.more() == null && !page.isLast());
      } catch (Refusal refusal) {
        assertEquals(ProblemType.NOT_PREVIEWABLE, refusal.type(), refusal::detail);
        isOver = true; // another mixer is in force by then
      }
      return true;
    }

    int compare() {
      List<Reign> reigns = reigns(sim); // what a failed append has written shows from here on
      look();
      if (isOver || reigns.isEmpty() || reigns.getFirst().event.effectiveStep() > 0) return 0;
      if (!reigns.getFirst().event.mixer().equals(sim.config.spec().mixer())) return 0;
      told.tailMap(reigns.getFirst().to, true).clear();
      assertSame(reigns.getFirst().recorded, List.copyOf(told.values()));
      return told.size();
    }
  }
}
