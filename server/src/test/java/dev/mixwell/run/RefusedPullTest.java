package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pull that is refused has issued the decided steps before it, and nothing else has happened. */
final class RefusedPullTest {
  private static final MixerSpec ODM = SimConfig.odm(Map.of());
  private static final MixerSpec EVEN = SimConfig.fixed(1, 1);

  /** 2 rows a step; of each group there are 3. */
  private static Sim sim(MixerSpec mixer, int lookahead) {
    var spec =
        RunSpec.draft(1, SimConfig.groups(2), 2, SimConfig.ROW_TOKENS)
            .mixer(mixer)
            .lookahead(lookahead)
            .issueAhead(0)
            .exhausted(new RunSpec.Exhausted(RunSpec.Exhausted.Policy.STOP, null))
            .validationRows(2)
            .spec();
    var habits = SimConfig.Habits.patient(1, true, false);
    var sim = new Sim(new SimConfig(spec, new long[] {3, 3}, 8, List.of(1), habits));
    sim.launch(0, 1);
    return sim;
  }

  private static Refusal refused(Sim sim, long step) {
    return assertThrows(
        Refusal.class, () -> sim.server.run().issuedStep(0, step, 0, Duration.ZERO));
  }

  private static List<Event> events(Sim sim) {
    return sim.server.store.log().stream().skip(2).map(Entry::event).toList();
  }

  @Test
  void whatTheDataCannotFillComesAfterWhatItCan() {
    Sim sim = sim(EVEN, 4);
    assertEquals(ProblemType.DATA_EXHAUSTED, refused(sim, 4).type());
    assertEquals(List.of(new Event.Issued(0, 3)), events(sim));
    assertEquals(ProblemType.DATA_EXHAUSTED, refused(sim, 3).type());
    assertEquals(List.of(new Event.Issued(0, 3)), events(sim), "once");
    for (long step = 0; step < 3; step++) sim.body(new Sim.Url(0, step, 0));
  }

  @Test
  void whatWaitsForFeedbackComesAfterWhatIsDecided() {
    Sim sim = sim(ODM, 2);
    assertEquals(ProblemType.UNDECIDED, refused(sim, 2).type());
    assertEquals(List.of(new Event.Issued(0, 2)), events(sim));
    for (long step = 0; step < 2; step++) sim.body(new Sim.Url(0, step, 0));
  }

  @Test
  void anyOtherRefusalIssuesNothing() {
    Sim sim = sim(ODM, 2);
    assertEquals(ProblemType.NOT_ISSUED, refused(sim, 9).type());
    var rank = assertThrows(Refusal.class, () -> sim.body(new Sim.Url(0, 0, 7)));
    assertEquals(ProblemType.RANK_OUT_OF_RANGE, rank.type());
    sim.server.run().finish("ann", "enough");
    assertEquals(ProblemType.RUN_FINISHED, refused(sim, 0).type());
    assertEquals(List.of(new Event.RunFinished("ann", "enough")), events(sim));
  }
}
