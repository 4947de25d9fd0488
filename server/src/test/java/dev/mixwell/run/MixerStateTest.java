package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixwell.api.RunSpec;
import dev.mixwell.timeline.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The mixer's state that is told is that of its last close. */
final class MixerStateTest {
  /** Boundaries at the steps 0 to 3 of each 9; validation is posted at every step. */
  private static final RunSpec EVALUATED =
      RunSpec.draft(1, SimConfig.groups(3), 6, SimConfig.ROW_TOKENS)
          .mixer(SimConfig.probing(1, 9))
          .lookahead(1)
          .issueAhead(0)
          .validationRows(2)
          .evaluateEvery(1)
          .spec();

  @Test
  void validationThatClosesNothingLeavesItAsItWas() {
    var sim = new Sim(SimConfig.of(EVALUATED, 9, SimConfig.Habits.patient(1, true, false), 1));
    sim.advance(sim.launch(0, 1), 8);
    Event.BoundaryClosed last = null;
    for (var entry : sim.server.store.log())
      if (entry.event() instanceof Event.BoundaryClosed close) last = close;
    assertEquals(3, last.step());
    assertToldIs(last.decided().state(), sim);
    sim.server.restart();
    assertToldIs(last.decided().state(), sim);
  }

  @Test
  void nobodyChangesWhatIsTold() {
    var sim = new Sim(SimConfig.of(EVALUATED, 9, SimConfig.Habits.patient(1, true, false), 1));
    sim.advance(sim.launch(0, 1), 5);
    List<Double> told = sim.server.run().mixer().state().get("hash");
    assertThrows(UnsupportedOperationException.class, () -> told.set(0, -1.0));
  }

  private static void assertToldIs(Map<String, double[]> recorded, Sim sim) {
    Map<String, List<Double>> told = sim.server.run().mixer().state();
    assertEquals(recorded.keySet(), told.keySet());
    recorded.forEach(
        (name, vector) ->
            assertEquals(Arrays.stream(vector).boxed().toList(), told.get(name), name));
  }
}
