package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.MemoryTimelineStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several steps at once end where the run's state ends them; a failure is told, not left out. */
final class IssuedPrefixTest {
  private static final MixerSpec EVEN = SimConfig.fixed(1, 1);
  private static final int COUNT = 8;

  /** Takes so many more appends, then fails; it may lose its log on the way. */
  private static final class FailingStore extends MemoryTimelineStore {
    int takes = Integer.MAX_VALUE;
    boolean isUnreadable;

    @Override
    public void append(List<Entry> entries) {
      if (takes-- == 0) throw new Refusal(ProblemType.STORAGE_FAILED, "the disk is full");
      super.append(entries);
    }

    @Override
    public List<Entry> readControl() {
      if (isUnreadable) throw new LinkageError("no such method");
      return super.readControl();
    }
  }

  private final FailingStore store = new FailingStore();

  @AfterEach
  void asItWas() {
    Versioned.present = 1;
  }

  /** 2 rows a step; of each group there are 3, so that step 3 cannot be filled. */
  private Run opened(MixerSpec mixer, int lookahead) {
    var spec =
        RunSpec.draft(1, SimConfig.groups(2), 2, SimConfig.ROW_TOKENS)
            .mixer(mixer)
            .lookahead(lookahead)
            .issueAhead(0)
            .exhausted(new RunSpec.Exhausted(RunSpec.Exhausted.Policy.STOP, null))
            .validationRows(2)
            .spec();
    var habits = SimConfig.Habits.patient(1, true, false);
    var config = new SimConfig(spec, new long[] {3, 3}, 8, List.of(1), habits);
    store.append(List.of(new Entry(0, 0, config.created())));
    Run run = Run.inline("demo", store, () -> 0);
    run.open(new AttemptRequest(0, 1, "launch", null));
    return run;
  }

  private static List<Long> steps(Run run) {
    IssuedStep first = run.issuedStep(0, 0, 0, Duration.ZERO);
    return run.issuedSteps(first, COUNT).stream().map(IssuedStep::step).toList();
  }

  private static ProblemType failure(Run run) {
    IssuedStep first = run.issuedStep(0, 0, 0, Duration.ZERO);
    return assertThrows(Refusal.class, () -> run.issuedSteps(first, COUNT)).type();
  }

  private static ProblemType end(Run run, long step) {
    var ended =
        assertInstanceOf(Pulled.Ended.class, run.pull(0, step, 0, Duration.ZERO), "step " + step);
    return ended.why().type();
  }

  @Test
  void aStepThatWaitsEndsThem() {
    Run run = opened(SimConfig.odm(Map.of()), 2);
    assertEquals(List.of(0L, 1L), steps(run));
    assertInstanceOf(Pulled.Undecided.class, run.pull(0, 2, 0, Duration.ZERO));
  }

  @Test
  void dataThatIsUsedUpEndsThem() {
    Run run = opened(EVEN, 1);
    assertEquals(List.of(0L, 1L, 2L), steps(run));
    assertEquals(ProblemType.DATA_EXHAUSTED, end(run, 3));
  }

  @Test
  void aFenceEndsThem() {
    Run run = opened(EVEN, 1);
    assertEquals(3, steps(run).size());
    run.open(new AttemptRequest(1, 1, "second", null));
    assertEquals(List.of(0L), steps(run));
    assertEquals(ProblemType.FENCED, end(run, 1));
  }

  @Test
  void theEndOfTheRunEndsThem() {
    Run run = opened(EVEN, 1);
    run.issuedStep(0, 1, 0, Duration.ZERO);
    run.finish("ann", "enough");
    assertEquals(List.of(0L, 1L), steps(run), "what is issued is served");
    assertEquals(ProblemType.RUN_FINISHED, end(run, 2));
  }

  @Test
  void aMixerOfAnotherVersionEndsThem() {
    opened(new MixerSpec("test-versioned", Map.of()), 1).issuedStep(0, 0, 0, Duration.ZERO);
    Versioned.present = 2;
    Run run = Run.inline("demo", store, () -> 0);
    assertEquals(List.of(0L), steps(run), "what is issued is served");
    assertEquals(ProblemType.MIXER_VERSION, end(run, 1));
  }

  @Test
  void aDiskThatFailsIsTold() {
    Run run = opened(EVEN, 1);
    store.takes = 1;
    assertEquals(ProblemType.STORAGE_FAILED, failure(run));
    assertEquals(new Event.Issued(0, 1), store.read(2, store.size()).getLast().event());
    assertEquals(List.of(0L, 1L, 2L), steps(run), "once the disk is mended");
  }

  @Test
  void aRunThatCannotBeOpenedAgainIsTold() {
    Run run = opened(EVEN, 1);
    store.takes = 1;
    assertEquals(ProblemType.STORAGE_FAILED, failure(run));
    store.isUnreadable = true;
    assertEquals(ProblemType.INTERNAL, failure(run));
  }
}
