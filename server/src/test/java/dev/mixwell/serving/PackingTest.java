package dev.mixwell.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.opened.Dataset;
import dev.mixwell.opened.TestIndex;
import dev.mixwell.pack.BatchFacts;
import dev.mixwell.pack.BatchPacker;
import dev.mixwell.pack.BodyFormat;
import dev.mixwell.pack.PackedBatch;
import dev.mixwell.proof.Proof;
import dev.mixwell.serving.Packing.Reader;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackingTest {
  private static final int ROWS = 4;
  private static final int ISSUED = 60;
  private static final Reader READER = new Reader("run", 0, 0, BodyFormat.OCTET_STREAM);

  @TempDir Path folder;

  private final Queue<PackedBatch> packed = new ConcurrentLinkedQueue<>();
  private Dataset dataset;
  private BatchPacker packer;

  @BeforeEach
  void open() throws IOException {
    var documents = TestIndex.random(new SplittableRandom(1), 3, 40, 500);
    dataset = new TestIndex(folder.resolve("index"), documents, 500).write().open();
    var group = new GroupResolver(dataset).resolve("all", "*:*", 0);
    packer = new BatchPacker(dataset, List.of(new GroupRows(group, 0, 1, 16)));
  }

  @AfterEach
  void everythingIsFreed() {
    dataset.close();
    for (PackedBatch batch : packed)
      assertThrows(IllegalReferenceCountException.class, batch::array, "a body was kept");
  }

  private PackedBatch pack(int rank, long step) {
    long[] positions = new long[ROWS];
    for (int i = 0; i < ROWS; i++) positions[i] = step * ROWS + i;
    var facts = new BatchFacts("run", 0, step, rank, List.of("all"), "static", null, null);
    PackedBatch batch = packer.pack(new int[ROWS], positions, facts, READER.format());
    packed.add(batch);
    return batch;
  }

  private LongFunction<@Nullable PackedBatch> issued(int rank) {
    return step -> step < ISSUED ? pack(rank, step) : null;
  }

  private ReadyBody take(Packing packing, Reader reader, long step) {
    int rank = reader.rank();
    return packing.take(reader, step, () -> pack(rank, step), issued(rank));
  }

  private static String tag(ReadyBody body) {
    try (body) {
      return body.batch().etag();
    }
  }

  private String expected(long step) {
    try (PackedBatch batch = pack(0, step)) {
      return batch.etag();
    }
  }

  @Test
  void everyPullGetsTheBodyOfItsStepWhateverOthersPull() {
    try (var proof = new Proof("packed-ahead", 20, 2_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> pullAtOnce(seed));
    }
  }

  /** Several ranks, some with a peer of the same rank, over a budget that is often spent. */
  private void pullAtOnce(int seed) throws ExecutionException, InterruptedException {
    var random = new SplittableRandom(seed);
    int steps = random.nextInt(0, 7);
    long maxBytes = random.nextLong(0, 3_000);
    var tags = new HashMap<Long, String>();
    for (long step = 0; step < ISSUED; step++) tags.put(step, expected(step));
    try (var packing = new Packing(2, steps, maxBytes);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var pulls = new ArrayList<Future<Void>>();
      for (int puller = 0; puller < 6; puller++) {
        int rank = puller % 4;
        var own = random.split();
        pulls.add(threads.submit(() -> pullAll(packing, rank, own, tags)));
      }
      for (Future<Void> pull : pulls) pull.get();
      assertTrue(packing.keptBytes() <= maxBytes, "kept " + packing.keptBytes());
      packing.close();
      assertEquals(0, packing.keptBytes());
    }
  }

  private @Nullable Void pullAll(
      Packing packing, int rank, SplittableRandom random, Map<Long, String> tags) {
    var reader = new Reader("run", 0, rank, READER.format());
    for (long step = 0; step < ISSUED; step += random.nextInt(8) == 0 ? -1 : 1)
      if (step >= 0) assertEquals(tags.get(step), tag(take(packing, reader, step)));
    return null;
  }

  @Test
  void theNextBodiesLieReady() {
    try (var packing = new Packing(2, 3, 1 << 20)) {
      assertEquals(expected(0), tag(take(packing, READER, 0)));
      awaitKept(packing, 3 * expectedBytes());
      for (long step = 1; step <= 2; step++) {
        ReadyBody body = take(packing, READER, step);
        assertTrue(body.ahead());
        assertEquals(0, body.packNanos());
        assertEquals(expected(step), tag(body));
      }
      assertEquals(2, packing.ready());
      assertEquals(1, packing.missed());
    }
  }

  @Test
  void aReaderThatPassesBodiesFreesThem() {
    try (var packing = new Packing(2, 4, 1 << 20)) {
      tag(take(packing, READER, 0));
      awaitKept(packing, 4 * expectedBytes());
      assertEquals(expected(ISSUED - 1), tag(take(packing, READER, ISSUED - 1)));
      assertEquals(0, packing.keptBytes());
    }
  }

  /** As whoever reads a run a second time does. */
  @Test
  void aReaderThatGoesBackFindsTheNextBodiesReadyAgain() {
    try (var packing = new Packing(2, 4, 1 << 20)) {
      tag(take(packing, READER, 40));
      awaitKept(packing, 4 * expectedBytes());
      assertEquals(expected(0), tag(take(packing, READER, 0)));
      awaitKept(packing, 4 * expectedBytes());
      for (long step = 1; step <= 2; step++) {
        ReadyBody body = take(packing, READER, step);
        assertTrue(body.ahead(), "step " + step);
        assertEquals(expected(step), tag(body));
      }
    }
  }

  @Test
  void anAttemptThatTakesOverFreesWhatLaysReadyForTheOneBefore() {
    try (var packing = new Packing(2, 4, 1 << 20)) {
      tag(take(packing, READER, 0));
      awaitKept(packing, 4 * expectedBytes());
      tag(take(packing, new Reader("run", 1, 0, READER.format()), ISSUED - 1));
      assertEquals(0, packing.keptBytes());
    }
  }

  @Test
  void readersThatAskedLongestAgoGiveTheirBytesUp() {
    long one = expectedBytes();
    giveTheirBytesUp(2 * one);
    giveTheirBytesUp(2 * one + one / 2); // for no whole body
  }

  private void giveTheirBytesUp(long maxBytes) {
    long one = expectedBytes();
    try (var packing = new Packing(2, 2, maxBytes)) {
      tag(take(packing, READER, 0));
      awaitKept(packing, 2 * one);
      var other = new Reader("run", 0, 1, READER.format());
      assertEquals(expected(7), tag(take(packing, other, 7)));
      awaitKept(packing, 2 * one);
      try (ReadyBody body = take(packing, READER, 1)) {
        assertFalse(body.ahead(), "it lay ready, and its bytes were needed");
      }
    }
  }

  private long expectedBytes() {
    try (PackedBatch batch = pack(0, 0)) {
      return batch.length();
    }
  }

  private static void awaitKept(Packing packing, long bytes) {
    long deadlineNanos = System.nanoTime() + 20_000_000_000L;
    while (packing.keptBytes() < bytes) {
      assertTrue(System.nanoTime() < deadlineNanos, "only " + packing.keptBytes() + " bytes kept");
      Thread.onSpinWait();
    }
  }

  @Test
  void whatFailsAheadIsCountedAndSaidOnceAndEndsNoThread() throws InterruptedException {
    var said = new ConcurrentLinkedQueue<LogRecord>();
    var handler = new KeptLines(said);
    var logger = Logger.getLogger(PackingThreads.class.getName());
    logger.addHandler(handler);
    try (var packing = new Packing(1, 1, 1 << 20)) {
      String thread = threadOf(packing);
      for (int i = 0; i < 3; i++) {
        packing.later(throwing(new IllegalStateException("a bug")));
        packing.later(throwing(new LinkageError("a class that does not fit")));
      }
      LongFunction<PackedBatch> failing =
          step -> {
            throw new StackOverflowError();
          };
      tag(packing.take(READER, 0, () -> pack(0, 0), failing));
      var behindAll = new CountDownLatch(1);
      packing.later(behindAll::countDown);
      behindAll.await();
      assertEquals(thread, threadOf(packing));
      assertEquals(7, packing.failed());
    } finally {
      logger.removeHandler(handler);
    }
    var kinds = new TreeMap<String, Level>();
    for (LogRecord line : said) kinds.put(line.getThrown().toString(), line.getLevel());
    assertEquals(3, said.size());
    assertEquals(
        Map.of(
            "java.lang.IllegalStateException: a bug",
            Level.WARNING,
            "java.lang.LinkageError: a class that does not fit",
            Level.WARNING,
            "java.lang.StackOverflowError",
            Level.WARNING),
        kinds);
  }

  private String threadOf(Packing packing) {
    var name = new AtomicReference<String>();
    ReadyBody body =
        packing.packed(
            () -> {
              name.set(Thread.currentThread().getName());
              return pack(0, 0);
            });
    body.close();
    return name.get();
  }

  private static Runnable throwing(Error error) {
    return () -> {
      throw error;
    };
  }

  private static Runnable throwing(RuntimeException exception) {
    return () -> {
      throw exception;
    };
  }

  private static final class KeptLines extends Handler {
    private final Queue<LogRecord> said;

    KeptLines(Queue<LogRecord> said) {
      this.said = said;
    }

    @Override
    public void publish(LogRecord line) {
      said.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aBodyThatCannotBePackedIsRefusedToWhoAsksAndTheNextIsTried() {
    LongFunction<PackedBatch> damaged =
        step -> {
          if (step == 1) throw new IllegalStateException("damaged");
          return pack(0, step);
        };
    try (var packing = new Packing(2, 4, 1 << 20)) {
      for (long step : new long[] {0, 2})
        assertEquals(
            expected(step), tag(packing.take(READER, step, () -> damaged.apply(step), damaged)));
      var thrown =
          assertThrows(
              IllegalStateException.class,
              () -> packing.take(READER, 1, () -> damaged.apply(1), damaged));
      assertEquals("damaged", thrown.getMessage());
    }
  }
}
