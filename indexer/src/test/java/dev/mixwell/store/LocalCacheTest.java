package dev.mixwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalCacheTest {
  private static final int PART_BYTES = 1_000;

  @TempDir Path folder;

  @Test
  void manyThreadsShareRoomForTwoFilesAndNeverExceedIt() throws Exception {
    long bound = 2 * PART_BYTES;
    var most = new AtomicLong();
    try (var cache = new LocalCache(folder, bound);
        var threads = Executors.newFixedThreadPool(8)) {
      var jobs = new ArrayList<Future<?>>();
      for (int t = 0; t < 8; t++) {
        var random = new SplittableRandom(t);
        jobs.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    int key = random.nextInt(6);
                    assertEquals(key, firstByte(cache, key));
                    most.accumulateAndGet(storedBytes(), Math::max);
                  }
                  return null;
                }));
      }
      for (Future<?> job : jobs) job.get();
      assertTrue(cache.usedBytes() <= bound, "used: " + cache.usedBytes());
      assertTrue(most.get() <= bound, "on disk: " + most);
      assertTrue(cache.evictions() > 0, "evictions");
      assertEquals(8 * 200, cache.hits() + cache.fills());
    }
  }

  @Test
  void aFileIsMadeOnceForAllWhoAskAtOnce() throws Exception {
    try (var cache = new LocalCache(folder, PART_BYTES);
        var threads = Executors.newFixedThreadPool(4)) {
      var together = new CountDownLatch(4);
      var jobs = new ArrayList<Future<Integer>>();
      for (int t = 0; t < 4; t++)
        jobs.add(
            threads.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return firstByte(cache, 7);
                }));
      for (Future<Integer> job : jobs) assertEquals(7, job.get());
      assertEquals(1, cache.fills());
    }
  }

  @Test
  void whatIsUsedLeastRecentlyGoesFirst() {
    try (var cache = new LocalCache(folder, 2 * PART_BYTES)) {
      firstByte(cache, 1);
      firstByte(cache, 2);
      firstByte(cache, 1);
      firstByte(cache, 3);
      assertTrue(Files.exists(folder.resolve("part-1")));
      assertTrue(Files.notExists(folder.resolve("part-2")));
    }
  }

  @Test
  void aFileLargerThanTheBoundIsRefusedAndNothingGoesForIt() {
    try (var cache = new LocalCache(folder, PART_BYTES)) {
      firstByte(cache, 1);
      Refusal refusal =
          assertThrows(
              Refusal.class,
              () -> cache.read("large", PART_BYTES + 1, target -> {}, CachedPart::sizeBytes));
      assertEquals(ProblemType.STORAGE_FAILED, refusal.type());
      assertTrue(refusal.detail().contains("shards.cacheBytes"), refusal.detail());
      firstByte(cache, 1);
      assertEquals(1, cache.hits());
    }
  }

  @Test
  void aFileThatCannotBeMadeLeavesNothing() throws IOException {
    try (var cache = new LocalCache(folder, PART_BYTES)) {
      assertThrows(
          Refusal.class,
          () ->
              cache.read(
                  "part-1",
                  PART_BYTES,
                  target -> {
                    Files.write(target, new byte[10]);
                    throw new Refusal(ProblemType.SHARD_DAMAGED, "cut");
                  },
                  CachedPart::sizeBytes));
      assertEquals(0, cache.usedBytes());
      assertEquals(0, storedBytes());
      assertEquals(1, firstByte(cache, 1));
    }
  }

  @Test
  void theNextServerTakesOverWholeFilesAndNoHalfOnes() throws IOException {
    try (var cache = new LocalCache(folder, 2 * PART_BYTES)) {
      firstByte(cache, 1);
    }
    Files.write(folder.resolve(".partial-killed"), new byte[10]);
    try (var cache = new LocalCache(folder, 2 * PART_BYTES)) {
      assertEquals(PART_BYTES, cache.usedBytes());
      assertEquals(PART_BYTES, storedBytes());
      assertEquals(1, firstByte(cache, 1));
      assertEquals(0, cache.fills());
    }
    try (var cache = new LocalCache(folder, PART_BYTES - 1)) {
      assertEquals(0, cache.usedBytes());
    }
  }

  private static int firstByte(LocalCache cache, int key) {
    return cache.read(
        "part-" + key,
        PART_BYTES,
        target -> {
          byte[] bytes = new byte[PART_BYTES];
          bytes[0] = (byte) key;
          Files.write(target, bytes);
        },
        part -> {
          var first = ByteBuffer.allocate(1);
          part.read(0, first);
          return (int) first.get(0);
        });
  }

  private long storedBytes() throws IOException {
    long sum = 0;
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) sum += file.toFile().length(); // 0 once it is gone
    }
    return sum;
  }
}
