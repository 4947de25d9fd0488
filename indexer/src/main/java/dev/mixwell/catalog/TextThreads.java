package dev.mixwell.catalog;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.jspecify.annotations.Nullable;

/**
 * Hands documents to Lucene on several threads, since parting texts into words is what takes the
 * time. In which order they arrive does not matter: the index is sorted. Owned by one thread, and
 * owner of the others until it is closed.
 */
final class TextThreads implements AutoCloseable {
  /** Characters of texts under way, at most: a few of the longest, or many. */
  private static final int ROOM_CHARS = 1 << 27;

  private final IndexWriter writer;
  private final Semaphore room = new Semaphore(ROOM_CHARS);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final ExecutorService pool =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(),
          Thread.ofPlatform().name("words-", 0).daemon().factory());

  TextThreads(IndexWriter writer) {
    this.writer = writer;
  }

  /** Has a document indexed; waits while much is under way. */
  void add(Document document, int chars) throws IOException {
    int cost = Math.min(ROOM_CHARS, chars + 1_000);
    acquire(cost);
    throwFailure();
    pool.execute(
        () -> {
          try {
            writer.addDocument(document);
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          } finally {
            room.release(cost);
          }
        });
  }

  /** Returns when everything that was added is indexed. */
  void drain() throws IOException {
    acquire(ROOM_CHARS);
    room.release(ROOM_CHARS);
    throwFailure();
  }

  private void acquire(int chars) throws ClosedByInterruptException {
    try {
      room.acquire(chars);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  private void throwFailure() throws IOException {
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** What is under way is finished: Lucene closes its files if a thread is interrupted in them. */
  @Override
  public void close() {
    pool.shutdown();
    boolean isInterrupted = false;
    while (true) {
      try {
        if (pool.awaitTermination(1, TimeUnit.MINUTES)) break;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) Thread.currentThread().interrupt();
  }
}
