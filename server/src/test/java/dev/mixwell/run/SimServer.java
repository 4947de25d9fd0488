package dev.mixwell.run;

import dev.mixwell.answer.Query;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Command;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The server under simulation: a run over a store that outlives it, its writer working whenever it
 * is woken. One thread, and time only as told.
 */
final class SimServer {
  /** One request wakes the writer a few times; more means that it asks in circles. */
  private static final int MOST_WAKES = 1_000;

  final SimStore store;
  private RunWriter writer;
  private Run run;
  private long nowMillis = 1_000_000;
  private int wakes;

  /** A server of a new run. */
  SimServer(Event.RunCreated created) {
    this(new SimStore());
    store.append(List.of(new Entry(0, nowMillis, created)));
    restart();
  }

  private SimServer(SimStore store) {
    this.store = store;
  }

  /** A server of a run that has this timeline. */
  static SimServer over(SimStore store) {
    var server = new SimServer(store);
    server.restart();
    return server;
  }

  Run run() {
    return run;
  }

  /** What was in memory is gone. */
  void restart() {
    store.arm(Fault.NONE);
    writer = new RunWriter(store);
    run = new Run("sim", writer, new Inline(), Duration.ZERO);
  }

  /** The writer's work, done by whoever wakes it. */
  private final class Inline implements Worker {
    @Override
    public void wake() {
      if (++wakes > MOST_WAKES) throw new Broken("LIVELOCK", "a request never comes to an end");
      writer.doWork(nowMillis);
    }

    @Override
    public void close() {}
  }

  void pass(long millis) {
    nowMillis += millis;
  }

  /** Does what is overdue. */
  void work() {
    writer.doWork(nowMillis);
  }

  /** A request under a fault. */
  <T> T call(Fault fault, Supplier<T> request) {
    if (fault == Fault.REQUEST_LOST) throw new Lost();
    wakes = 0;
    long size = store.size();
    store.arm(fault);
    T answer;
    try {
      answer = request.get();
    } catch (RuntimeException failure) {
      if (restartIfDead()) throw new Lost();
      store.arm(Fault.NONE);
      if (!(failure instanceof Refusal refusal)) throw failure;
      if (refusal.type() != ProblemType.STORAGE_FAILED) nothingIsDone(size, refusal);
      if (fault == Fault.CRASH) restart();
      if (fault.losesAnswer() || refusal.type() == ProblemType.STORAGE_FAILED) throw new Lost();
      throw refusal;
    }
    if (restartIfDead()) throw new Lost();
    store.arm(Fault.NONE);
    if (fault == Fault.CRASH) restart();
    if (fault.losesAnswer()) throw new Lost();
    return answer;
  }

  /** What a pull issues on its way, and what time closes, comes nevertheless. */
  private void nothingIsDone(long size, Refusal refusal) {
    boolean isTimed = run.created().spec().closing().afterMillis() != null;
    for (Entry entry : store.read(size, store.size()))
      if (!(entry.event() instanceof Event.Issued
          || entry.event() instanceof Event.StepClosed && isTimed))
        throw new Broken("REFUSED", entry + " though that is " + refusal.type().slug());
  }

  /** A server that died in an append says nothing that anybody hears. */
  boolean restartIfDead() {
    if (!store.isDead()) return false;
    restart();
    return true;
  }

  <T> CompletableFuture<T> submit(Command<T> command) {
    return writer.submit(command);
  }

  /** Reads the run's state. */
  <T> T read(Query<T> query) {
    CompletableFuture<T> answer = writer.ask(query);
    work();
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw new Broken("READ", "a look at the state fails", e.getCause());
    }
  }
}
