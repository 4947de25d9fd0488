package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.MixerChange;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Command;
import dev.mixwell.command.Issue;
import dev.mixwell.command.OpenAttempt;
import dev.mixwell.command.Operate;
import dev.mixwell.command.PostFeedback;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.MemoryTimelineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is thrown, by a command or by somebody's mixer: nobody waits for ever, and others go on.
 */
final class FailuresTest {
  private static final long NOW = 1_000_000;
  private static final MixerSpec EVEN = SimConfig.fixed(1, 1, 1);
  private static final OpenAttempt OPEN = new OpenAttempt(new AttemptRequest(0, 1, "launch", null));
  private static final Operate.Swap SWAP =
      new Operate.Swap(new MixerChange(EVEN, "now", "own", "ann", "rescue"), "*");

  /** A store that says how often a run was opened from it, and fails if it is told to. */
  private static final class Store extends MemoryTimelineStore {
    int opened;
    boolean fails;
    boolean failsToRead;

    Store(RunSpec spec) {
      append(List.of(new Entry(0, NOW, config(spec).created())));
    }

    @Override
    public List<Entry> readControl() {
      opened++;
      return super.readControl();
    }

    @Override
    public void append(List<Entry> entries) {
      if (fails) throw new Refusal(ProblemType.STORAGE_FAILED, "the disk is full");
      super.append(entries);
    }

    @Override
    public List<Event.FeedbackPosted> feedback(int attempt, FeedbackKind kind, long step) {
      if (failsToRead) throw new LinkageError("no such method");
      return super.feedback(attempt, kind, step);
    }

    List<Class<?>> events() {
      return read(1, size()).stream().<Class<?>>map(entry -> entry.event().getClass()).toList();
    }
  }

  private static SimConfig config(RunSpec spec) {
    return SimConfig.of(spec, 20, SimConfig.Habits.patient(1, true, false), 1);
  }

  private static RunSpec spec(MixerSpec mixer) {
    return SimConfig.spec(1, mixer, 6, 1, RunSpec.Reporters.REDUCED);
  }

  private static MixerSpec failing(long fails) {
    return new MixerSpec("test-probing", Map.of("segment", 1, "round", 5, "fails", fails));
  }

  static List<Supplier<Throwable>> failures() {
    return List.of(
        () -> new LinkageError("no such method"),
        () -> new StackOverflowError(),
        () -> new OutOfMemoryError("Java heap space"),
        () -> new AssertionError("cannot be"),
        () -> new IllegalStateException("cannot be"));
  }

  @SuppressWarnings("unchecked") // whatever it is, it is thrown unchecked
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  private static Command<Boolean> throwing(Throwable failure, boolean appends) {
    return (fold, nowMillis) -> {
      if (appends) fold.append(new Event.RunFinished("nobody", "by mistake"), nowMillis);
      FailuresTest.<RuntimeException>raise(failure);
      return true;
    };
  }

  private static Throwable failure(CompletableFuture<?> answer) {
    assertTrue(answer.isDone(), "nobody answers");
    return assertThrows(ExecutionException.class, answer::get).getCause();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aCommandThatThrowsFailsAlone(Supplier<Throwable> failures) {
    for (boolean appends : List.of(false, true)) {
      var store = new Store(spec(EVEN));
      var writer = new RunWriter(store);
      Throwable failure = failures.get();
      var opened = writer.submit(OPEN);
      var failed = writer.submit(throwing(failure, appends));
      var issued = writer.submit(new Issue(0, 0));
      var swapped = writer.submit(SWAP);
      var told = writer.ask(folded -> folded.upTo());
      writer.doWork(NOW);
      assertSame(failure, failure(failed));
      assertEquals(0, opened.join().attempt());
      assertInstanceOf(Issue.Outcome.Issued.class, issued.join());
      assertEquals("mixer", swapped.join().kind());
      assertEquals(writer.view().newest().upTo(), told.join());
      assertEquals(
          List.of(Event.AttemptOpened.class, Event.Issued.class, Event.MixerInstalled.class),
          store.events());
      assertEquals(appends ? 2 : 1, store.opened, "reopened only for what was appended");
    }
  }

  @Test
  void aFullBatchIsAnsweredThoughSomeOfItThrow() {
    var store = new Store(spec(EVEN));
    var writer = new RunWriter(store);
    writer.submit(OPEN);
    writer.doWork(NOW);
    var answers = new ArrayList<CompletableFuture<OperationView>>();
    int failed = 0;
    for (int i = 0; i < 256; i++)
      if (i % 50 == 25) {
        writer.submit(throwing(new LinkageError(), i % 100 == 25));
        failed++;
      } else answers.add(writer.submit(new Operate.ClearOverrides("ann", "again")));
    writer.doWork(NOW);
    for (var answer : answers) assertEquals("overrides", answer.join().kind());
    assertEquals(1 + 256 - failed, store.events().size());
  }

  @Test
  void aQueryThatThrowsFailsAlone() {
    var writer = new RunWriter(new Store(spec(EVEN)));
    CompletableFuture<Object> failed =
        writer.ask(
            folded -> {
              throw new StackOverflowError();
            });
    var told = writer.ask(folded -> folded.isFinished());
    writer.doWork(NOW);
    assertInstanceOf(StackOverflowError.class, failure(failed));
    assertFalse(told.join());
    assertNull(writer.standstill());
  }

  @Test
  void theWritersThreadOutlivesWhatACommandThrows() {
    var writer = new RunWriter(new Store(spec(EVEN)));
    var thread = new WriterThread("demo", writer, () -> NOW);
    try (var run = new Run("demo", writer, thread, Duration.ofSeconds(60))) {
      CompletableFuture<Boolean> failed = writer.submit(throwing(new LinkageError(), true));
      assertEquals(0, run.open(OPEN.request()).attempt());
      assertInstanceOf(LinkageError.class, failure(failed));
    }
  }

  @Test
  void anAnswerIsNotWaitedForForEver() {
    var idle =
        new Worker() {
          @Override
          public void wake() {}

          @Override
          public void close() {}
        };
    try (var run = new Run("demo", new RunWriter(new Store(spec(EVEN))), idle, Duration.ZERO)) {
      Refusal refusal = assertThrows(Refusal.class, () -> run.open(OPEN.request()));
      assertEquals(ProblemType.STORAGE_FAILED, refusal.type());
    }
  }

  @Test
  void whatComesAfterTheEndIsRefused() {
    var writer = new RunWriter(new Store(spec(EVEN)));
    var waiting = writer.submit(OPEN);
    writer.close();
    assertInstanceOf(Refusal.class, failure(waiting));
    assertInstanceOf(Refusal.class, failure(writer.submit(OPEN)));
  }

  @Test
  void aStoreThatFailsIsNamedUntilItTakesSomething() {
    var store = new Store(spec(EVEN));
    var writer = new RunWriter(store);
    store.fails = true;
    var refused = writer.submit(OPEN);
    var told = writer.ask(folded -> folded.attempts().isEmpty());
    writer.doWork(NOW);
    assertInstanceOf(Refusal.class, failure(refused));
    assertTrue(told.join(), "reading goes on");
    assertEquals("storage-failed", writer.standstill().reason());
    assertTrue(writer.standstill().detail().contains("the disk is full"));
    writer.submit(SWAP);
    writer.doWork(NOW + 5);
    assertEquals(NOW, writer.standstill().sinceMillis());
    store.fails = false;
    writer.submit(OPEN);
    writer.doWork(NOW + 9);
    assertNull(writer.standstill());
  }

  @Test
  void anOverdueCloseThatThrowsHoldsUpNobodyAndIsTriedAgainInASecond() {
    RunSpec timed =
        RunSpec.draft(1, SimConfig.groups(3), 6, SimConfig.ROW_TOKENS)
            .mixer(SimConfig.odm(Map.of()))
            .lookahead(1)
            .issueAhead(0)
            .reporters(RunSpec.Reporters.RANKS)
            .closing(SimConfig.closing(true))
            .validationRows(0)
            .spec();
    var store = new Store(timed);
    var before = new RunWriter(store);
    before.submit(new OpenAttempt(new AttemptRequest(0, 2, "launch", null)));
    before.submit(new Issue(0, 0));
    before.submit(new PostFeedback(0, 0, new FeedbackRequest(FeedbackKind.TRAIN, 0, Map.of())));
    before.doWork(NOW);
    var writer = new RunWriter(store); // it has the feedback to read
    store.failsToRead = true;
    long now = NOW + SimConfig.CLOSE_AFTER_MILLIS;
    var swapped = writer.submit(SWAP);
    writer.doWork(now);
    assertEquals("mixer", swapped.join().kind());
    assertEquals("LinkageError", writer.standstill().reason());
    assertEquals(1_000, writer.restMillis(now));
    store.failsToRead = false;
    writer.doWork(now + 999);
    assertFalse(store.events().contains(Event.StepClosed.class));
    writer.doWork(now + 1_000);
    assertTrue(store.events().contains(Event.StepClosed.class));
    assertNull(writer.standstill());
  }

  @Test
  void aMixerThatFailsToFoldStopsItsRunAndNoOther() {
    var sim = new Sim(config(spec(failing(Probing.WHEN_FOLDED))));
    var other = new Sim(config(spec(SimConfig.probing(1, 5))));
    SimJob job = sim.launch(0, 1);
    var failed = assertThrows(IllegalStateException.class, () -> sim.advance(job, 20));
    assertInstanceOf(LinkageError.class, failed.getCause());
    Run run = sim.server.run();
    assertEquals("LinkageError", run.standstill().reason());
    assertTrue(run.standstill().detail().startsWith("Feedback cannot be taken in"));
    for (long step = 0; step < run.upTo(); step++) sim.body(new Sim.Url(job.attempt, step, 0));
    other.advance(other.launch(0, 1), 20);
    assertNull(other.server.run().standstill());
    SimJob rescued = sim.launch(0, 1);
    sim.swap(EVEN, "now", "own", Fault.NONE);
    sim.advance(rescued, 20);
    assertNull(run.standstill());
    SimAudit.check(sim);
  }

  @Test
  void aSwapToAMixerThatFailsToStartCanBeTakenBack() {
    var sim = new Sim(config(spec(EVEN)));
    SimJob job = sim.launch(0, 1);
    sim.advance(job, 5);
    MixerSpec broken = failing(Probing.WHEN_STARTED);
    long operation = sim.swap(broken, "now", "own", Fault.NONE).operation();
    Run run = sim.server.run();
    assertEquals("LinkageError", run.standstill().reason());
    assertThrows(IllegalStateException.class, () -> sim.advance(job, 20));
    sim.server.restart();
    assertNotNull(sim.server.run().standstill(), "opened again, it stands still");
    sim.server.run().cancel(operation, "ann", "it fails");
    assertNull(sim.server.run().standstill());
    sim.advance(job, 20);
  }

  @Test
  void aRunThatCannotBeOpenedSaysWhy() {
    Refusal refusal =
        assertThrows(
            Refusal.class, () -> new RunWriter(new Store(spec(failing(Probing.WHEN_MADE)))));
    assertEquals(ProblemType.INTERNAL, refusal.type());
    assertTrue(refusal.detail().contains("a mixer of somebody's fails"), refusal.detail());
  }

  @Test
  void aSwapToAMixerThatCannotBeMadeFailsAlone() {
    var sim = new Sim(config(spec(EVEN)));
    SimJob job = sim.launch(0, 1);
    sim.advance(job, 5);
    assertThrows(
        IllegalStateException.class,
        () -> sim.swap(failing(Probing.WHEN_MADE), "now", "own", Fault.NONE));
    assertNull(sim.server.run().standstill());
    sim.advance(job, 20);
  }
}
