package dev.mixwell.writing;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes parts of an index on several threads and appends them in the order in which they were
 * added: for any number of threads the same index, and of several mistakes the first is the one
 * that is thrown. Owned by one thread, and owner of the others until it is closed.
 */
public final class AppendingQueue implements AutoCloseable {
  /** Parts under way for each thread: enough to keep it busy while the writer forces a shard. */
  private static final int PARTS_PER_THREAD = 4;

  private final IndexOutput output;
  private final ExecutorService pool;
  private final int maxPending;
  private final ArrayDeque<Future<Part>> pending = new ArrayDeque<>();

  /** Something that was made, and has its turn. */
  public interface Part {
    void appendTo(IndexOutput output) throws IOException;

    static Part of(List<EncodedDocument> documents) {
      return output -> {
        for (EncodedDocument document : documents) output.append(document);
      };
    }
  }

  public AppendingQueue(IndexOutput output, int threads) {
    this.output = output;
    this.maxPending = threads * PARTS_PER_THREAD;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("index-", 0).daemon().factory());
  }

  /** Has a part made; waits for, and appends, the oldest ones if there are enough under way. */
  public void add(Callable<Part> making) throws IOException, InterruptedException {
    makeRoom();
    pending.add(pool.submit(making));
  }

  /** Adds a part that is made already. */
  public void add(Part made) throws IOException, InterruptedException {
    makeRoom();
    pending.add(CompletableFuture.completedFuture(made));
  }

  private void makeRoom() throws IOException, InterruptedException {
    while (pending.size() >= maxPending) appendOldest();
  }

  /** Appends everything that was added. */
  public void drain() throws IOException, InterruptedException {
    while (!pending.isEmpty()) appendOldest();
  }

  private void appendOldest() throws IOException, InterruptedException {
    await(pending.remove()).appendTo(output);
  }

  private static Part await(Future<Part> part) throws IOException, InterruptedException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
