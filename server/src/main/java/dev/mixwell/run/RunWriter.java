package dev.mixwell.run;

import dev.mixwell.answer.Query;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.CloseOverdue;
import dev.mixwell.command.Command;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.FoldTime;
import dev.mixwell.fold.FoldWatch;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineReader;
import dev.mixwell.timeline.TimelineStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a run. Commands queue up; {@link #doWork} executes a batch of them against the
 * private fold, makes what they decided durable with one forced append, publishes the new view and
 * only then answers: nobody sees what could be lost. After a failed append the fold is opened again
 * from the store, so that no state outlives its event.
 *
 * <p>{@link #submit}, {@link #ask} and {@link #view} may be called by any thread; {@link #doWork}
 * by one, which never waits for anything but the store.
 */
final class RunWriter implements AutoCloseable {
  /** Commands waiting; beyond it callers are refused. */
  private static final int MAX_WAITING = 8_192;

  /** Commands in one commit. */
  private static final int MAX_BATCH = 256;

  /** A command or query and its answer: a value or what it threw, given when it is durable. */
  private static final class Task<T> {
    private final Command<T> command;
    private final boolean reads;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private @Nullable T value;
    private @Nullable RuntimeException thrown;

    Task(Command<T> command, boolean reads) {
      this.command = command;
      this.reads = reads;
    }

    void execute(Fold fold, long nowMillis) {
      try {
        value = command.execute(fold, nowMillis);
      } catch (Refusal refusal) {
        thrown = refusal;
      }
    }

    void answer() {
      if (thrown != null) answer.completeExceptionally(thrown);
      else answer.complete(value);
    }

    void fail(RuntimeException failure) {
      answer.completeExceptionally(failure);
    }
  }

  private final TimelineStore store;
  private final FoldWatch watch = new FoldWatch();
  private final BlockingQueue<Task<?>> inbox = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Event.RunCreated created;
  private @Nullable Fold fold;
  private volatile Published view;

  RunWriter(TimelineStore store) {
    this.store = store;
    Fold opened = new Fold(store, watch);
    fold = opened;
    created = opened.folded().created();
    view = Published.of(opened.folded(), store.size());
    opened.forget();
  }

  /** The run's first event. */
  Event.RunCreated created() {
    return created;
  }

  /** What its mixers' updates took. */
  FoldTime foldTime() {
    return watch.time();
  }

  Published view() {
    return view;
  }

  /** A look at the timeline beside the writer's work; may be called by any thread. */
  TimelineReader openReader() {
    return store.openReader();
  }

  /** Changes the run: answered once what the command decided is durable. */
  <T> CompletableFuture<T> submit(Command<T> command) {
    return enqueue(new Task<>(command, false));
  }

  /** Reads the run: answered from what is durable, also while nothing can be written. */
  <T> CompletableFuture<T> ask(Query<T> query) {
    return enqueue(new Task<>((fold, _) -> query.ask(fold.folded()), true));
  }

  private <T> CompletableFuture<T> enqueue(Task<T> task) {
    if (!inbox.offer(task))
      throw new Refusal(
          ProblemType.TOO_MANY_REQUESTS,
          "The run has " + MAX_WAITING + " commands waiting; try again shortly.");
    return task.answer;
  }

  /** Executes what waits, and closes what is overdue. */
  void doWork(long nowMillis) {
    var batch = new ArrayList<Task<?>>();
    inbox.drainTo(batch, MAX_BATCH);
    var queries = new ArrayList<Task<?>>();
    for (Task<?> task : batch) if (task.reads) queries.add(task);
    batch.removeAll(queries);
    change(batch, nowMillis);
    read(queries, nowMillis);
  }

  private void change(List<Task<?>> batch, long nowMillis) {
    Fold now = fold;
    if (batch.isEmpty() && (now == null || now.folded().overdueAtMillis() > nowMillis)) return;
    try {
      if (now == null) fold = now = reopened();
      new CloseOverdue().execute(now, nowMillis);
      for (Task<?> task : batch) task.execute(now, nowMillis);
      commit(now);
      for (Task<?> task : batch) task.answer();
    } catch (RuntimeException failure) {
      // It may hold what the store does not: it is read again before the next command.
      fold = null;
      fail(batch, failure);
    }
  }

  private void read(List<Task<?>> queries, long nowMillis) {
    if (queries.isEmpty()) return;
    try {
      Fold now = fold;
      if (now == null) fold = now = reopened();
      for (Task<?> query : queries) query.execute(now, nowMillis);
      now.forget();
      for (Task<?> query : queries) query.answer();
    } catch (RuntimeException failure) {
      fold = null;
      fail(queries, failure);
    }
  }

  private void commit(Fold now) {
    if (!now.pending().isEmpty()) {
      store.append(now.pending());
      now.committed();
      publish(now);
    }
    now.forget();
  }

  private void publish(Fold now) {
    Published old = view;
    view = Published.of(now.folded(), store.size());
    old.next().complete(null);
  }

  /**
   * The run as the store has it. An append that failed may have written all the same, so the view
   * can be behind it.
   */
  private Fold reopened() {
    Fold opened = new Fold(store, watch);
    publish(opened);
    opened.forget();
    return opened;
  }

  private static void fail(List<Task<?>> batch, RuntimeException failure) {
    for (Task<?> task : batch) task.fail(failure);
  }

  /** How long the writer may rest if no command comes: until the next close falls due. */
  long restMillis(long nowMillis) {
    if (!inbox.isEmpty()) return 0;
    Fold now = fold;
    return now == null ? Long.MAX_VALUE : Math.max(0, now.folded().overdueAtMillis() - nowMillis);
  }

  @Override
  public void close() {
    var stopped =
        new Refusal(
            ProblemType.STORAGE_FAILED, "The server is stopping; ask again when it is back.");
    var rest = new ArrayList<Task<?>>();
    inbox.drainTo(rest);
    fail(rest, stopped);
    store.close();
  }
}
