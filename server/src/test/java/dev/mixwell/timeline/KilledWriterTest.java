package dev.mixwell.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a writer acknowledged is there after kill -9, and batches are there whole. */
final class KilledWriterTest {
  private static final int MAX_BATCH = 5;

  @TempDir Path folder;

  /**
   * The writer: appends to the database of its first argument until it is killed, printing the size
   * after each append.
   */
  public static void main(String[] arguments) {
    try (var store = SqliteTimelineStore.open(Path.of(arguments[0]))) {
      store.readControl();
      while (true) {
        store.append(Events.entries(store.size(), batch(store.size())));
        System.out.println(store.size());
      }
    }
  }

  /** 1 to 5 events; which follows from the size, so that a torn batch can be told. */
  private static List<Event.Issued> batch(long size) {
    int count = 1 + (int) (size * 31 % MAX_BATCH);
    return Collections.nCopies(count, new Event.Issued(count, size));
  }

  @Test
  void acknowledgedIsDurableAndBatchesAreWhole() throws Exception {
    Path file = folder.resolve("timeline.db");
    try (var proof = new Proof("timeline-kill", 3, 200)) {
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> killOnce(file, new SplittableRandom(seed)));
    }
  }

  private static void killOnce(Path file, SplittableRandom random) throws Exception {
    Process writer = Java.start(KilledWriterTest.class, file.toString());
    long acknowledged = 0;
    try (BufferedReader lines = writer.inputReader()) {
      for (int left = 1 + random.nextInt(200); left > 0; left--)
        acknowledged = acknowledged(lines.readLine());
      writer
          .toHandle()
          .destroyForcibly(); // the process's own method would close its output before it is read
      for (String line; (line = lines.readLine()) != null; )
        if (isWhole(line, acknowledged)) acknowledged = Long.parseLong(line);
    } finally {
      writer.destroyForcibly().waitFor();
    }
    checkLog(file, acknowledged);
  }

  private static long acknowledged(String line) throws IOException {
    if (line == null) throw new IOException("the writer ended by itself");
    return Long.parseLong(line);
  }

  /** The last line may be cut short by the kill. */
  private static boolean isWhole(String line, long before) {
    return !line.isEmpty()
        && Long.parseLong(line) > before
        && Long.parseLong(line) <= before + MAX_BATCH;
  }

  private static void checkLog(Path file, long acknowledged) {
    assertTrue(Files.exists(file));
    try (var store = SqliteTimelineStore.open(file)) {
      long size = store.size();
      assertTrue(size >= acknowledged, "acknowledged " + acknowledged + ", found " + size);
      assertEquals(size, store.readControl().size());
      long next = 0;
      while (next < size) next += batch(next).size();
      assertEquals(size, next, "a batch is torn");
    }
  }
}
