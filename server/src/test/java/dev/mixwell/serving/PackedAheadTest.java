package dev.mixwell.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import dev.mixwell.serving.PackedAhead.Reader;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedAheadTest {
  private static final int ROWS = 4;
  private static final int ISSUED = 60;
  private static final Reader READER = new Reader("run", 0, 0, BodyFormat.OCTET_STREAM);

  @TempDir Path folder;

  private final Queue<PackedBatch> packed = new ConcurrentLinkedQueue<>();
  private Dataset dataset;
  private BatchPacker packer;
  private Packers packers = new Packers(2);

  @BeforeEach
  void open() throws IOException {
    var documents = TestIndex.random(new SplittableRandom(1), 3, 40, 500);
    dataset = new TestIndex(folder.resolve("index"), documents, 500).write().open();
    var group = new GroupResolver(dataset).resolve("all", "*:*", 0);
    packer = new BatchPacker(dataset, List.of(new GroupRows(group, 0, 1, 16)));
  }

  @AfterEach
  void everythingIsFreed() {
    packers.close();
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

  private static String tag(@Nullable Body body) {
    try (PackedBatch batch = body == null ? null : body.batch()) {
      return batch == null ? "none" : batch.etag();
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
    try (var ahead = new PackedAhead(packers, steps, maxBytes);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var pulls = new ArrayList<Future<Void>>();
      for (int puller = 0; puller < 6; puller++) {
        int rank = puller % 4;
        var own = random.split();
        pulls.add(threads.submit(() -> pullAll(ahead, rank, own, tags)));
      }
      for (Future<Void> pull : pulls) pull.get();
      assertTrue(ahead.keptBytes() <= maxBytes, "kept " + ahead.keptBytes());
      ahead.close();
      assertEquals(0, ahead.keptBytes());
    }
  }

  private @Nullable Void pullAll(
      PackedAhead ahead, int rank, SplittableRandom random, Map<Long, String> tags) {
    var reader = new Reader("run", 0, rank, READER.format());
    for (long step = 0; step < ISSUED; step += random.nextInt(8) == 0 ? -1 : 1) {
      if (step < 0) continue;
      Body body = ahead.take(reader, step, issued(rank));
      if (body != null) assertEquals(tags.get(step), tag(body));
    }
    return null;
  }

  @Test
  void theNextBodiesLieReady() {
    try (var ahead = new PackedAhead(packers, 3, 1 << 20)) {
      assertEquals(expected(0), tag(ahead.take(READER, 0, issued(0))));
      awaitKept(ahead, 2 * expectedBytes()); // a lane half full is left alone
      for (long step = 1; step <= 2; step++) {
        Body body = ahead.take(READER, step, issued(0));
        assertTrue(body != null && body.ahead());
        assertEquals(expected(step), tag(body));
      }
      assertEquals(2, ahead.ready());
      assertEquals(1, ahead.missed());
    }
  }

  @Test
  void aReaderThatPassesBodiesFreesThem() {
    try (var ahead = new PackedAhead(packers, 4, 1 << 20)) {
      tag(ahead.take(READER, 0, issued(0)));
      awaitKept(ahead, 2 * expectedBytes());
      packers.close();
      assertNull(ahead.take(READER, 50, issued(0)));
      assertEquals(0, ahead.keptBytes());
    }
  }

  @Test
  void anAttemptThatTakesOverFreesWhatLaysReadyForTheOneBefore() {
    try (var ahead = new PackedAhead(packers, 4, 1 << 20)) {
      tag(ahead.take(READER, 0, issued(0)));
      awaitKept(ahead, 2 * expectedBytes());
      packers.close();
      assertNull(ahead.take(new Reader("run", 1, 0, READER.format()), 0, issued(0)));
      assertEquals(0, ahead.keptBytes());
    }
  }

  @Test
  void readersThatAskedLongestAgoGiveTheirBytesUp() {
    long one = expectedBytes();
    try (var ahead = new PackedAhead(packers, 2, 2 * one)) {
      tag(ahead.take(READER, 0, issued(0)));
      awaitKept(ahead, 2 * one);
      var other = new Reader("run", 0, 1, READER.format());
      assertEquals(expected(7), tag(ahead.take(other, 7, issued(1))));
    }
  }

  private long expectedBytes() {
    try (PackedBatch batch = pack(0, 0)) {
      return batch.length();
    }
  }

  private static void awaitKept(PackedAhead ahead, long bytes) {
    long deadlineNanos = System.nanoTime() + 20_000_000_000L;
    while (ahead.keptBytes() < bytes) {
      assertTrue(System.nanoTime() < deadlineNanos, "only " + ahead.keptBytes() + " bytes kept");
      Thread.onSpinWait();
    }
  }

  @Test
  void aBodyThatCannotBePackedIsNobodysAndTheNextIsTried() {
    LongFunction<@Nullable PackedBatch> damaged =
        step -> {
          if (step == 1) throw new IllegalStateException("damaged");
          return pack(0, step);
        };
    try (var ahead = new PackedAhead(packers, 4, 1 << 20)) {
      assertEquals(expected(0), tag(ahead.take(READER, 0, damaged)));
      assertNull(ahead.take(READER, 1, damaged));
      assertEquals(expected(2), tag(ahead.take(READER, 2, damaged)));
    }
  }

  @Test
  void whatThePackersCannotDoIsThrownToTheCaller() {
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                packers.call(
                    () -> {
                      throw new IllegalStateException("on purpose");
                    }));
    assertEquals("on purpose", thrown.getMessage());
    Collection<Integer> answers = List.of(packers.call(() -> 1), packers.call(() -> 2));
    assertEquals(List.of(1, 2), answers);
  }
}
