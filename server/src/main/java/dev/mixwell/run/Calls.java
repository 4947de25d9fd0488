package dev.mixwell.run;

import dev.mixwell.answer.Query;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Command;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a run's writer and waits for its answer, but not for ever. Thread-safe. */
final class Calls {
  private final RunWriter writer;
  private final Worker worker;
  private final Duration patience;

  /**
   * @param worker does the writer's work
   * @param patience how long an answer is waited for
   */
  Calls(RunWriter writer, Worker worker, Duration patience) {
    this.writer = writer;
    this.worker = worker;
    this.patience = patience;
  }

  <T> T call(Command<T> command) {
    return await(writer.submit(command));
  }

  <T> T ask(Query<T> query) {
    return await(writer.ask(query));
  }

  /** Has a command done that nobody waits for. */
  void start(Command<?> command, Runnable whenOver) {
    writer.submit(command).whenComplete((_, _) -> whenOver.run());
    worker.wake();
  }

  private <T> T await(CompletableFuture<T> answer) {
    worker.wake();
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Refusal refusal) throw refusal;
      throw new IllegalStateException("the run failed at what it was asked", e.getCause());
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
}
