package dev.mixwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  @Test
  void whatFailsIsCountedAndTheFirstOfItsKindIsSaid() throws InterruptedException {
    var said = new ConcurrentLinkedQueue<LogRecord>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            said.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(ReadAhead.class.getName());
    logger.addHandler(handler);
    try (var ahead = new ReadAhead()) {
      for (int i = 0; i < 20; i++) fail(ahead, new IllegalStateException("a bug"), i);
      fail(ahead, new LinkageError("a class that does not fit"), 20);
      awaitFailures(ahead, 21);
    } finally {
      logger.removeHandler(handler);
    }
    assertEquals(2, said.size());
    assertEquals(
        List.of(
            "java.lang.IllegalStateException: a bug",
            "java.lang.LinkageError: a class that does not fit"),
        said.stream().map(line -> line.getThrown().toString()).sorted().toList());
    for (LogRecord line : said) assertEquals(Level.WARNING, line.getLevel());
  }

  private static void awaitFailures(ReadAhead ahead, long count) {
    long deadlineNanos = System.nanoTime() + 20_000_000_000L;
    while (ahead.failed() < count) {
      assertTrue(System.nanoTime() < deadlineNanos, "only " + ahead.failed() + " were counted");
      Thread.onSpinWait();
    }
  }

  @Test
  void aFetchThatClosingEndsIsNoFailure() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var ahead = new ReadAhead();
    ahead.begin(
        "key",
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    begun.await();
    ahead.close();
    assertEquals(0, ahead.failed());
  }

  private static void fail(ReadAhead ahead, Throwable failure, int key) {
    ahead.begin(
        "key " + key,
        () -> {
          if (failure instanceof Error error) throw error;
          throw (RuntimeException) failure;
        });
  }
}
