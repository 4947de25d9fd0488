package dev.mixwell.run;

import dev.mixwell.answer.Query;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Command;
import dev.mixwell.command.Issue;
import dev.mixwell.fold.Fold;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command or a query and its answer: a value or what it threw, given when that is durable. Owned
 * by the run's writer but for the future.
 *
 * @param <T> the answer
 */
final class Task<T> {
  private final Command<T> command;
  private final boolean reads;
  private final Standstill.@Nullable Kind kind;
  private final CompletableFuture<T> answer = new CompletableFuture<>();
  private @Nullable T value;
  private @Nullable Throwable thrown;

  private Task(Command<T> command, boolean reads, Standstill.@Nullable Kind kind) {
    this.command = command;
    this.reads = reads;
    this.kind = kind;
  }

  static <T> Task<T> of(Command<T> command) {
    Standstill.Kind kind =
        command instanceof Issue ? Standstill.Kind.ISSUING : Standstill.Kind.CLOSING;
    return new Task<>(command, false, command.carriesOn() ? kind : null);
  }

  static <T> Task<T> of(Query<T> query) {
    return new Task<>((fold, _) -> query.ask(fold.folded()), true, null);
  }

  boolean reads() {
    return reads;
  }

  /** Completes with the answer. */
  CompletableFuture<T> future() {
    return answer;
  }

  /** Executes it; whatever it throws, and be it an Error, is its answer and nobody else's. */
  void execute(Fold fold, long nowMillis) {
    try {
      value = command.execute(fold, nowMillis);
    } catch (Throwable failure) {
      thrown = failure;
    }
  }

  /** What it threw; null if it threw nothing. */
  @Nullable Throwable thrown() {
    return thrown;
  }

  /**
   * What keeps the run from going on as long as this throws what it threw; null if nothing does.
   */
  Standstill.@Nullable Kind obstacle() {
    boolean isFailure = thrown instanceof Refusal refusal ? isOfStore(refusal) : thrown != null;
    return isFailure ? kind : null;
  }

  private static boolean isOfStore(Refusal refusal) {
    return refusal.type() == ProblemType.STORAGE_FAILED
        || refusal.type() == ProblemType.TIMELINE_DAMAGED;
  }

  /** Gives the answer. */
  void answer() {
    if (thrown != null) answer.completeExceptionally(thrown);
    else answer.complete(value);
  }

  /** Gives a failure for an answer, unless there is one already. */
  void fail(Throwable failure) {
    answer.completeExceptionally(failure);
  }
}
