package dev.mixwell.ingest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes batches of documents on several threads and appends them to an index in the order in which
 * they were added: for any number of threads the same index, and of several mistakes the first is
 * the one that is thrown. Owned by one thread, and owner of the others until it is closed.
 */
public final class EncodingQueue implements AutoCloseable {
  /** Batches under way for each thread: enough to keep it busy while the writer forces a shard. */
  private static final int BATCHES_PER_THREAD = 4;

  private final IndexOutput output;
  private final ExecutorService pool;
  private final int maxPending;
  private final ArrayDeque<Future<List<EncodedDocument>>> pending = new ArrayDeque<>();

  public EncodingQueue(IndexOutput output, int threads) {
    this.output = output;
    this.maxPending = threads * BATCHES_PER_THREAD;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("tokenize-", 0).daemon().factory());
  }

  /** Has a batch made; waits for, and appends, the oldest ones if there are enough under way. */
  public void add(Callable<List<EncodedDocument>> batch) throws IOException, InterruptedException {
    while (pending.size() >= maxPending) appendOldest();
    pending.add(pool.submit(batch));
  }

  /** Appends everything that was added. */
  public void drain() throws IOException, InterruptedException {
    while (!pending.isEmpty()) appendOldest();
  }

  private void appendOldest() throws IOException, InterruptedException {
    for (EncodedDocument document : await(pending.remove())) output.append(document);
  }

  private static List<EncodedDocument> await(Future<List<EncodedDocument>> batch)
      throws InterruptedException {
    try {
      return batch.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
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
