package dev.mixwell.run;

import dev.mixwell.answer.Answers;
import dev.mixwell.answer.Query;
import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackAnswer;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.HistoryAnswer;
import dev.mixwell.api.MixerAnswer;
import dev.mixwell.api.MixerChange;
import dev.mixwell.api.MixerView;
import dev.mixwell.api.MixtureAnswer;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.OverridesAnswer;
import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.PlanAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.api.SkipRequest;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Command;
import dev.mixwell.command.OpenAttempt;
import dev.mixwell.command.Operate;
import dev.mixwell.command.PostFeedback;
import dev.mixwell.fold.FoldTime;
import dev.mixwell.fold.Recorded;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A run as requests use it. Thread-safe; methods wait for durability and may be called on virtual
 * threads. What they answer is durable. What they refuse has changed nothing, with two exceptions:
 * a pull that is refused may have issued the decided steps before the asked one, and where the
 * store fails, or does not answer, it is not known what was written.
 */
public final class Run implements AutoCloseable {
  /** Entries of one answer of history. */
  public static final int MAX_HISTORY = 1_000;

  /** Longer than any commit takes, unless the disk hangs. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final Event.RunCreated created;
  private final RunSpec spec;
  private final RunWriter writer;
  private final Worker worker;
  private final Calls calls;
  private final Pulls pulls;
  private final EventFeed events;

  /**
   * @param worker does the writer's work
   * @param patience how long an answer of the writer is waited for
   */
  Run(String name, RunWriter writer, Worker worker, Duration patience) {
    this.name = name;
    this.writer = writer;
    this.created = writer.created();
    this.spec = Recorded.spec(created.spec());
    this.events = new EventFeed(writer);
    this.worker = worker;
    this.calls = new Calls(writer, worker, patience);
    this.pulls = new Pulls(writer, calls);
  }

  /**
   * Opens the run that a store holds.
   *
   * @throws Refusal {@code timeline-damaged}; {@code internal} if the run cannot be opened for
   *     another reason
   */
  public static Run open(String name, TimelineStore store, LongSupplier clockMillis) {
    var writer = new RunWriter(store);
    return new Run(name, writer, new WriterThread(name, writer, clockMillis), PATIENCE);
  }

  /**
   * Opens the run without a thread of its own: whoever asks does the writer's work, one at a time.
   * Simulations use it: they ask with a wait of 0 and tell the time.
   *
   * @throws Refusal as {@link #open}
   */
  public static Run inline(String name, TimelineStore store, LongSupplier clockMillis) {
    var writer = new RunWriter(store);
    return new Run(name, writer, new InlineWorker(writer, clockMillis), PATIENCE);
  }

  public String name() {
    return name;
  }

  /** The run's first event: its configuration and the groups it is pinned to. */
  public Event.RunCreated created() {
    return created;
  }

  /** The run's configuration. */
  public RunSpec spec() {
    return spec;
  }

  public boolean isFinished() {
    return writer.view().finished();
  }

  /** The newest attempt's steps below this one are issued; 0 before any attempt. */
  public long upTo() {
    Published.AttemptView newest = writer.view().newest();
    return newest == null ? 0 : newest.upTo();
  }

  /** The number of the newest attempt; null before any. */
  public @Nullable Integer newestAttempt() {
    Published.AttemptView newest = writer.view().newest();
    return newest == null ? null : newest.number();
  }

  public Published view() {
    return writer.view();
  }

  /** Why the run does not go on; null while it does. Never waits. */
  public @Nullable Standstill standstill() {
    return writer.standstill();
  }

  /** What happens to the run, to be followed. */
  public EventFeed events() {
    return events;
  }

  public AttemptAnswer open(AttemptRequest request) {
    return call(new OpenAttempt(request));
  }

  public FeedbackAnswer post(int attempt, long step, FeedbackRequest request) {
    return call(new PostFeedback(attempt, step, request));
  }

  /**
   * A rank's share of a step. Issues the step if it is decided; waits for the decision otherwise.
   * Whether or not that comes, the decided steps before it are issued: operators can change them no
   * more.
   *
   * @throws Refusal if there can be no such step or rank, or the run fails
   */
  public Pulled pull(int attempt, long step, int rank, Duration wait) {
    return pulls.pull(attempt, step, rank, wait);
  }

  /**
   * As {@link #pull}, for who can go on with nothing but the step.
   *
   * @throws Refusal also {@code undecided} when the wait is over, naming what is missing; {@code
   *     data-exhausted} if the step or one before it cannot be filled; {@code fenced}, {@code
   *     run-finished}, {@code mixer-version}
   */
  public IssuedStep issuedStep(int attempt, long step, int rank, Duration wait) {
    return pull(attempt, step, rank, wait).orRefuse();
  }

  /**
   * A rank's shares of a step and of those after it, up to {@code count} together, as far as they
   * are decided. The next pull is told by itself why they end.
   *
   * @throws Refusal if the run fails on the way, {@code storage-failed} say
   */
  public List<IssuedStep> issuedSteps(IssuedStep first, int count) {
    var steps = new ArrayList<IssuedStep>();
    steps.add(first);
    while (steps.size() < count) {
      long step = first.step() + steps.size();
      switch (pull(first.attempt(), step, first.rank(), Duration.ZERO)) {
        case IssuedStep next -> steps.add(next);
        case Pulled.Undecided _, Pulled.Ended _ -> {
          return steps;
        }
      }
    }
    return steps;
  }

  /** A rank's share of a step if that is issued and its plan at hand; null otherwise. */
  public @Nullable IssuedStep issuedStepAtHand(int attempt, long step, int rank) {
    return pulls.issuedStepAtHand(attempt, step, rank);
  }

  /** All rows of an issued step, in any attempt's lineage. */
  public StepRows stepRows(int attempt, long step) {
    return StepRows.of(pulls.issuedPlan(attempt, step), spec().unitRows());
  }

  /** Where the issued steps end; null if none is. */
  public @Nullable IssuedEnd issuedEnd() {
    return writer.view().issuedEnd();
  }

  /**
   * Whether validation losses are due once the step is trained. It can change until the next step
   * is issued.
   */
  public boolean isEvaluationDueAfter(int attempt, long step) {
    Published view = writer.view();
    Boolean known = view.isEvaluationDue(spec(), view.attempt(attempt), step + 1);
    if (known != null) return known;
    return ask(folded -> folded.isEvaluationDue(folded.attempts().get(attempt), step + 1));
  }

  public PlanAnswer plan(int attempt, long step) {
    StepPlan plan = pulls.issuedPlan(attempt, step);
    return ask(
        folded -> {
          boolean evaluateAfter = folded.isEvaluationDue(folded.attempts().get(attempt), step + 1);
          return new Answers(folded).plan(plan, evaluateAfter);
        });
  }

  public FoldTime foldTime() {
    return writer.foldTime();
  }

  /** The mixture as it is published: never waits for the writer. */
  public MixtureAnswer mixture() {
    return writer.view().mixing().answer(created);
  }

  /** The mixer in force at the first step that is not issued, as published: never waits. */
  public MixerView mixerInForce() {
    return writer.view().mixer();
  }

  /** Issued steps [from, to) of the newest attempt's lineage, at most {@link #MAX_HISTORY}. */
  public HistoryAnswer history(long from, long to) {
    long end = Math.min(to, from + MAX_HISTORY);
    return ask(folded -> new Answers(folded).history(from, end));
  }

  public MixerAnswer mixer() {
    return ask(folded -> new Answers(folded).mixer());
  }

  /**
   * @param ifMatch the ETag of {@link #mixer}, or null if the request names none
   */
  public OperationView swap(MixerChange change, @Nullable String ifMatch) {
    return call(new Operate.Swap(change, ifMatch));
  }

  public OverridesAnswer overrides() {
    return ask(folded -> new Answers(folded).overrides());
  }

  public OperationView override(OverridesChange change) {
    return call(new Operate.SetOverrides(change));
  }

  public OperationView clearOverrides(String who, String why) {
    return call(new Operate.ClearOverrides(who, why));
  }

  public OperationView skip(SkipRequest request) {
    return call(new Operate.Skip(request));
  }

  /** Takes back an operation that is not issued yet, and answers it as cancelled. */
  public OperationView cancel(long operation, String who, String why) {
    return call(new Operate.Cancel(operation, who, why));
  }

  public void finish(String who, String why) {
    call(new Operate.Finish(who, why));
  }

  private <T> T call(Command<T> command) {
    return calls.call(command);
  }

  /** Asks the writer, which answers from what is durable. */
  public <T> T ask(Query<T> query) {
    return calls.ask(query);
  }

  @Override
  public void close() {
    events.close();
    worker.close();
  }
}
