package dev.mixwell.run;

import dev.mixwell.answer.Query;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.CloseOverdue;
import dev.mixwell.command.Command;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.FoldTime;
import dev.mixwell.fold.FoldWatch;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineReader;
import dev.mixwell.timeline.TimelineStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a run. Commands queue up; {@link #doWork} executes a batch of them against a
 * fold that nobody else sees, makes what they decided durable with one forced append, publishes the
 * new view and only then answers: nobody sees what could be lost. After a failed append the run is
 * opened again from the store, so that no state outlives its event.
 *
 * <p>A command that throws, and be it an Error of somebody's mixer, fails alone: what it had
 * appended is withdrawn, and the others of its batch are executed and answered.
 *
 * <p>{@link #submit}, {@link #ask}, {@link #view} and {@link #standstill} may be called by any
 * thread; {@link #doWork} by one, which never waits for anything but the store.
 */
final class RunWriter implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RunWriter.class.getName());

  /** Commands waiting; beyond it callers are refused. */
  private static final int MAX_WAITING = 8_192;

  /** Commands in one commit. */
  private static final int MAX_BATCH = 256;

  /** An overdue close that failed is tried again so much later. */
  private static final long OVERDUE_PAUSE_MILLIS = 1_000;

  private final TimelineStore store;
  private final FoldWatch watch = new FoldWatch();
  private final Obstacles obstacles = new Obstacles();
  private final BlockingQueue<Task<?>> inbox = new ArrayBlockingQueue<>(MAX_WAITING);
  private final List<Task<?>> batch = new ArrayList<>(MAX_BATCH);
  private final Event.RunCreated created;
  private @Nullable Fold fold;
  private long overdueFailedAtMillis = Long.MIN_VALUE;
  private volatile Published view;
  private volatile boolean closed;

  /**
   * Opens the run that a store holds.
   *
   * @throws Refusal {@code timeline-damaged}; {@code internal} if anything else is thrown
   */
  RunWriter(TimelineStore store) {
    this.store = store;
    Fold opened = opened(store, watch);
    fold = opened;
    created = opened.folded().created();
    view = published(opened.folded(), 0);
    opened.forget();
  }

  /** A run that cannot be opened is refused, whatever was thrown: others can be opened. */
  private static Fold opened(TimelineStore store, FoldWatch watch) {
    try {
      return new Fold(store, watch);
    } catch (Refusal refusal) {
      throw refusal;
    } catch (Throwable failure) {
      LOG.log(Level.ERROR, "a run cannot be opened", failure);
      throw new Refusal(
          ProblemType.INTERNAL,
          "The run cannot be opened: "
              + failure
              + ". If a mixer of yours failed, mend it and start the server again.");
    }
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

  /** Why the run does not go on; null while it does. */
  @Nullable Standstill standstill() {
    return obstacles.standstill();
  }

  /** A look at the timeline beside the writer's work; may be called by any thread. */
  TimelineReader openReader() {
    return store.openReader();
  }

  /** Changes the run: answered once what the command decided is durable. */
  <T> CompletableFuture<T> submit(Command<T> command) {
    return enqueue(Task.of(command));
  }

  /** Reads the run: answered from what is durable, also while nothing can be written. */
  <T> CompletableFuture<T> ask(Query<T> query) {
    return enqueue(Task.of(query));
  }

  private <T> CompletableFuture<T> enqueue(Task<T> task) {
    if (!inbox.offer(task))
      throw new Refusal(
          ProblemType.TOO_MANY_REQUESTS,
          "The run has " + MAX_WAITING + " commands waiting; try again shortly.");
    if (closed) refuseWaiting();
    return task.future();
  }

  /** Executes what waits, and closes what is overdue. */
  void doWork(long nowMillis) {
    inbox.drainTo(batch, MAX_BATCH);
    List<Task<?>> commands = batch.stream().filter(task -> !task.reads()).toList();
    List<Task<?>> queries = batch.stream().filter(Task::reads).toList();
    batch.clear(); // until here, a failure leaves the tasks to the next call
    work(this::change, commands, nowMillis);
    work(this::read, queries, nowMillis);
  }

  private interface Work {
    void on(List<Task<?>> tasks, long nowMillis);
  }

  /** Works on tasks, and has them fail if that fails: nobody waits for an answer in vain. */
  private void work(Work work, List<Task<?>> tasks, long nowMillis) {
    try {
      work.on(tasks, nowMillis);
    } catch (Throwable failure) {
      // What is in memory may be more than the store holds: it is read again before the next task.
      fold = null;
      fail(tasks, failure);
    }
  }

  private void change(List<Task<?>> commands, long nowMillis) {
    if (commands.isEmpty() && !isOverdue(nowMillis)) return;
    Fold now = reopened(nowMillis);
    var executed = new ArrayList<Task<?>>();
    if (isOverdue(nowMillis)) {
      Task<Integer> overdue = Task.of(new CloseOverdue());
      now = execute(overdue, now, executed, nowMillis);
      if (overdue.thrown() != null) overdueFailedAtMillis = nowMillis;
    }
    for (Task<?> task : commands) now = execute(task, now, executed, nowMillis);
    commit(now, nowMillis);
    for (Task<?> task : executed) task.answer();
  }

  /**
   * Executes a command. If it threw after it had appended something, what the ones before it
   * decided is made durable and answered, and the run is opened again without what it left.
   *
   * @param executed the commands that wait for the commit
   * @return the fold to go on with
   */
  private Fold execute(Task<?> task, Fold before, List<Task<?>> executed, long nowMillis) {
    int pending = before.pendingCount();
    task.execute(before, nowMillis);
    executed.add(task);
    Throwable thrown = task.thrown();
    if (thrown == null) return before;
    Fold now = before;
    if (before.pendingCount() > pending) {
      List<Entry> kept = before.pending().subList(0, pending);
      fold = null;
      if (!kept.isEmpty()) append(kept, nowMillis);
      now = reopened(nowMillis);
      for (Task<?> done : executed) done.answer();
      executed.clear();
    }
    Standstill.Kind kind = task.obstacle();
    if (kind != null) obstacles.note(kind, thrown, now.folded(), nowMillis);
    return now;
  }

  private void read(List<Task<?>> queries, long nowMillis) {
    if (queries.isEmpty()) return;
    Fold now = reopened(nowMillis);
    for (Task<?> query : queries) query.execute(now, nowMillis);
    now.forget();
    for (Task<?> query : queries) query.answer();
  }

  private void commit(Fold now, long nowMillis) {
    if (now.pendingCount() > 0) {
      append(now.pending(), nowMillis);
      now.committed();
      publish(now, nowMillis);
    }
    now.forget();
  }

  private void append(List<Entry> entries, long nowMillis) {
    try {
      store.append(entries);
    } catch (Throwable failure) {
      obstacles.note(Standstill.Kind.STORING, failure, null, nowMillis);
      throw failure;
    }
    obstacles.over(Standstill.Kind.STORING);
  }

  private void publish(Fold now, long nowMillis) {
    Published old = view;
    view = published(now.folded(), nowMillis);
    obstacles.changed(now.folded());
    old.next().complete(null);
  }

  /** What is durable is published even if a mixer fails to say what it decides next. */
  private Published published(Folded now, long nowMillis) {
    try {
      noteHeld(now, nowMillis);
      Published all = Published.of(now, store.size());
      obstacles.over(Standstill.Kind.DECIDING);
      return all;
    } catch (Throwable failure) {
      obstacles.note(Standstill.Kind.DECIDING, failure, now, nowMillis);
      return Published.withoutDecisions(now, store.size());
    }
  }

  private void noteHeld(Folded now, long nowMillis) {
    Installation next = now.next();
    if (next == null || !next.isHeld()) obstacles.over(Standstill.Kind.HELD);
    else obstacles.note(Standstill.Kind.HELD, next.held("nothing more is decided"), now, nowMillis);
  }

  /**
   * The run as the store has it, if it is not at hand. An append that failed may have written all
   * the same, so the view can be behind it.
   */
  private Fold reopened(long nowMillis) {
    if (fold != null) return fold;
    try {
      Fold opened = opened(store, watch);
      publish(opened, nowMillis);
      opened.forget();
      fold = opened;
    } catch (Throwable failure) {
      obstacles.note(Standstill.Kind.OPENING, failure, null, nowMillis);
      throw failure;
    }
    obstacles.over(Standstill.Kind.OPENING);
    return fold;
  }

  private boolean isOverdue(long nowMillis) {
    return overdueAtMillis() <= nowMillis;
  }

  private long overdueAtMillis() {
    if (fold == null) return Folded.NEVER_MILLIS;
    long dueMillis = fold.folded().overdueAtMillis();
    if (overdueFailedAtMillis == Long.MIN_VALUE) return dueMillis;
    return Math.max(dueMillis, overdueFailedAtMillis + OVERDUE_PAUSE_MILLIS);
  }

  /** How long the writer may rest if no command comes: until the next close falls due. */
  long restMillis(long nowMillis) {
    return inbox.isEmpty() ? Math.max(0, overdueAtMillis() - nowMillis) : 0;
  }

  /** Refuses what waits and what is still to come. */
  void refuse() {
    closed = true;
    refuseWaiting();
  }

  private void refuseWaiting() {
    var stopped =
        new Refusal(
            ProblemType.STORAGE_FAILED, "The server is stopping; ask again when it is back.");
    var rest = new ArrayList<Task<?>>();
    inbox.drainTo(rest);
    fail(rest, stopped);
  }

  private static void fail(List<Task<?>> tasks, Throwable failure) {
    for (Task<?> task : tasks) task.fail(failure);
  }

  @Override
  public void close() {
    refuse();
    store.close();
  }
}
