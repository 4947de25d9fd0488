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
import dev.mixwell.api.MixtureAnswer;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.OverridesAnswer;
import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.PlanAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.api.SkipRequest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Command;
import dev.mixwell.command.Issue;
import dev.mixwell.command.Missing;
import dev.mixwell.command.OpenAttempt;
import dev.mixwell.command.Operate;
import dev.mixwell.command.PostFeedback;
import dev.mixwell.fold.FoldTime;
import dev.mixwell.fold.Lineage;
import dev.mixwell.fold.Planned;
import dev.mixwell.fold.Recorded;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Duration patience;
  private final EventFeed events;
  private final AtomicBoolean extending = new AtomicBoolean();

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
    this.patience = patience;
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
   * For simulations, which ask with a wait of 0 and tell the time.
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

  /** Steps of the newest attempt below it are issued; 0 before any. */
  public long upTo() {
    Published.AttemptView newest = writer.view().newest();
    return newest == null ? 0 : newest.upTo();
  }

  /** Null before any. */
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
   * @throws Refusal {@code undecided} when the wait is over, naming what is missing; {@code
   *     data-exhausted} if the step or one before it cannot be filled
   */
  public IssuedStep batch(int attempt, long step, int rank, Duration wait) {
    long deadlineNanos = System.nanoTime() + wait.toNanos();
    while (true) {
      Published view = writer.view();
      Published.AttemptView a = checkPull(view, attempt, step, rank);
      if (step < a.upTo()) {
        extendAhead(a, step);
        return IssuedStep.of(frozenPlan(view, a, step), rank, a.world(), spec().unitRows());
      }
      switch (call(new Issue(attempt, step))) {
        case Issue.Outcome.Issued _ -> {}
        case Issue.Outcome.Waits(Missing missing) ->
            awaitDecision(view, step, deadlineNanos - System.nanoTime(), missing);
        case Issue.Outcome.Never(Refusal why) -> throw why;
      }
    }
  }

  /** A rank's share of a step if that is issued and its plan at hand; null otherwise. */
  public @Nullable IssuedStep issuedNow(int attempt, long step, int rank) {
    Published view = writer.view();
    Published.AttemptView a = view.attempt(attempt);
    if (step < a.fromStep() || step >= a.upTo() || a.isFenced(step)) return null;
    StepPlan plan = view.plans().get(attempt, step);
    return plan == null ? null : IssuedStep.of(plan, rank, a.world(), spec().unitRows());
  }

  /** Where the issued steps end; null if none is. */
  public @Nullable IssuedEnd frontier() {
    Published view = writer.view();
    Published.AttemptView newest = view.newest();
    if (newest == null || newest.upTo() == 0) return null;
    long last = newest.upTo() - 1;
    StepPlan plan = view.plans().get(Lineage.owner(newest, last).number(), last);
    return plan == null
        ? null
        : new IssuedEnd(newest.number(), newest.upTo(), plan.units().after(), plan.q());
  }

  /** The decided prefix, at least one, of {@code count} steps. */
  public List<IssuedStep> batches(int attempt, long from, int count, int rank, Duration wait) {
    var steps = new ArrayList<IssuedStep>();
    steps.add(batch(attempt, from, rank, wait));
    try {
      while (steps.size() < count)
        steps.add(batch(attempt, from + steps.size(), rank, Duration.ZERO));
    } catch (Refusal end) {
      return steps; // the next pull meets the same refusal, by itself
    }
    return steps;
  }

  /** The whole batch of an issued step, in any attempt's lineage. */
  public IssuedStep issued(int attempt, long step) {
    Published view = writer.view();
    Published.AttemptView owner = checkIssued(view, attempt, step);
    return IssuedStep.of(frozenPlan(view, owner, step), -1, 1, spec().unitRows());
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
    Published view = writer.view();
    Published.AttemptView owner = checkIssued(view, attempt, step);
    StepPlan plan = frozenPlan(view, owner, step);
    return ask(
        folded -> {
          boolean evaluateAfter = folded.isEvaluationDue(folded.attempts().get(attempt), step + 1);
          return new Answers(folded).plan(plan, evaluateAfter);
        });
  }

  public FoldTime foldTime() {
    return writer.foldTime();
  }

  public MixtureAnswer mixture() {
    return ask(folded -> new Answers(folded).mixture());
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

  private Published.AttemptView checkPull(Published view, int attempt, long step, int rank) {
    Published.AttemptView a = view.attempt(attempt);
    if (step < a.fromStep()) {
      int owner = Lineage.owner(a, step).number();
      throw new Refusal(
              ProblemType.STEP_OF_ANOTHER_ATTEMPT,
              "Attempt %d starts at step %d; step %d was issued by attempt %d."
                  .formatted(attempt, a.fromStep(), step, owner))
          .with("owner", owner);
    }
    Long fence = a.fence();
    if (fence != null && step >= fence)
      throw new Refusal(
              ProblemType.FENCED,
              "A newer attempt has taken over from step %d: stop this trainer, and do not start it again by itself."
                  .formatted(fence))
          .with("attempt", attempt)
          .with("fence", fence);
    if (rank < 0 || rank >= a.world())
      throw new Refusal(
          ProblemType.RANK_OUT_OF_RANGE,
          "`rank` is %d; attempt %d was opened with world %d: ranks 0 to %d."
              .formatted(rank, attempt, a.world(), a.world() - 1));
    return a;
  }

  private static Published.AttemptView checkIssued(Published view, int attempt, long step) {
    Published.AttemptView a = view.attempt(attempt);
    if (step >= a.upTo())
      throw new Refusal(
              ProblemType.NOT_ISSUED,
              "Attempt %d has issued the steps below %d; step %d is not fixed yet."
                  .formatted(attempt, a.upTo(), step))
          .with("upTo", a.upTo());
    return Lineage.owner(a, step);
  }

  private StepPlan frozenPlan(Published view, Published.AttemptView owner, long step) {
    StepPlan recent = view.plans().get(owner.number(), step);
    if (recent != null) return recent;
    Planned derived = ask(folded -> folded.plan(folded.attempts().get(owner.number()), step));
    if (derived instanceof StepPlan plan) return plan;
    throw new IllegalStateException(
        "issued step " + step + " of attempt " + owner.number() + " has no plan: " + derived);
  }

  /**
   * Issues the next block in the background once half of the last one is used up, so that no pull
   * waits for a forced write.
   */
  private void extendAhead(Published.AttemptView a, long step) {
    boolean half = a.upTo() - step <= spec().issueAhead() / 2;
    if (!half
        || spec().issueAhead() == 0
        || a.superseded()
        || isFinished()
        || !extending.compareAndSet(false, true)) return;
    try {
      writer
          .submit(new Issue(a.number(), step + spec().issueAhead()))
          .whenComplete((done, failed) -> extending.set(false));
      worker.wake();
    } catch (Refusal full) {
      extending.set(false); // the pull that needs the block asks for it, and is told
    }
  }

  /** Returns when the step may have been decided, the attempt superseded, or the time is over. */
  private void awaitDecision(Published asked, long step, long leftNanos, Missing missing) {
    if (leftNanos <= 0) throw undecided(step, missing);
    long deadline = System.nanoTime() + leftNanos;
    Published view = writer.view();
    while (view.firstUndecided() <= step
        && view.attempts().size() == asked.attempts().size()
        && !view.finished()) {
      try {
        view.next().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return; // asked once more, the writer names what is missing by now
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw undecided(step, missing);
      }
      view = writer.view();
    }
  }

  private static Refusal undecided(long step, Missing missing) {
    String who =
        missing.ranks().isEmpty()
            ? ""
            : " of " + (missing.ranks().size() == 1 ? "rank " : "ranks ") + missing.ranks();
    String kind = missing.kind().label();
    return new Refusal(
            ProblemType.UNDECIDED,
            "Step %d waits for the %s feedback%s at step %d. Post it, or let an operator swap the mixer."
                .formatted(step, kind, who, missing.step()))
        .with("missing", missing);
  }

  private <T> T call(Command<T> command) {
    return await(writer.submit(command));
  }

  public <T> T ask(Query<T> query) {
    return await(writer.ask(query));
  }

  private <T> T await(CompletableFuture<T> answer) {
    worker.wake();
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Refusal refusal) throw refusal;
      throw new IllegalStateException("run " + name + " failed at what it was asked", e.getCause());
    } catch (TimeoutException e) {
      throw unanswered("has not answered within " + patience.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unanswered("was not waited for, since the server is stopping");
    }
  }

  private static Refusal unanswered(String what) {
    return new Refusal(
        ProblemType.STORAGE_FAILED,
        "The writer of the run "
            + what
            + ". Whether it has done, or will do, what was asked is not known: ask again.");
  }

  @Override
  public void close() {
    events.close();
    worker.close();
  }
}
