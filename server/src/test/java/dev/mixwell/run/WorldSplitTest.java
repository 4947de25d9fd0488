package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Proposal;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.sampler.Composition;
import dev.mixwell.sampler.Position;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many ranks there are changes nothing but where the batch is cut. */
final class WorldSplitTest {
  private static final int BATCH_ROWS = 48;
  private static final RunSpec SPEC =
      SimConfig.spec(
          1, new MixerSpec("stratified", null), BATCH_ROWS, 1, RunSpec.Reporters.REDUCED);

  @Test
  void theSharesOfAllRanksAreTheBatchInOrder() {
    for (int unitRows : new int[] {1, 3}) {
      StepPlan plan = plan(BATCH_ROWS / unitRows);
      StepRows whole = StepRows.of(plan, unitRows);
      assertEquals(BATCH_ROWS, whole.size());
      for (int world : new int[] {1, 3, 8, 16}) {
        if (BATCH_ROWS / unitRows % world != 0) continue;
        var groups = new ArrayList<Integer>();
        var positions = new ArrayList<Long>();
        for (int rank = 0; rank < world; rank++) {
          IssuedStep share = IssuedStep.of(plan, rank, world, unitRows);
          assertEquals(BATCH_ROWS / world, share.rows());
          for (int group : share.groups()) groups.add(group);
          for (long position : share.positions()) positions.add(position);
        }
        assertArrayEquals(whole.groups(), groups.stream().mapToInt(Integer::intValue).toArray());
        assertArrayEquals(
            whole.positions(), positions.stream().mapToLong(Long::longValue).toArray());
      }
    }
  }

  @Test
  void theRowsOfAUnitFollowEachOther() {
    StepRows whole = StepRows.of(plan(16), 3);
    for (int row = 0; row < BATCH_ROWS; row++) {
      assertEquals(row / 3 % 2, whole.groups()[row]);
      assertEquals(1_000 * (row / 3) + row % 3, whole.positions()[row]);
    }
  }

  private static StepPlan plan(int seats) {
    int[] groups = IntStream.range(0, seats).map(seat -> seat % 2).toArray();
    long[] starts = IntStream.range(0, seats).mapToLong(seat -> 1_000L * seat).toArray();
    Position at = Position.start(2);
    var units = new Composition.Units(groups, starts, at.rows(), at.rows(), at);
    var sim = new Sim(SimConfig.of(SPEC, 1, SimConfig.Habits.patient(1, true, false), 1));
    sim.launch(0, 1);
    Installation installation =
        sim.server.read(run -> run.operations().installation(run.attempts().newest(), 0));
    Proportions p = Proportions.uniform(2);
    return new StepPlan(0, 0, installation, new Proposal.Proposed(p, p, null), p, units);
  }
}
