package dev.mixwell.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A changed byte or a lost end, in any file of a timeline, is refused or changes nothing that is
 * read.
 */
final class TimelineDamageTest {
  private static final String[] ENDS = {"", "-wal", "-tip"};

  @TempDir Path folder;

  @Test
  void aFlippedBitOrALostEndIsRefusedOrWithoutEffect() throws Exception {
    Path file = folder.resolve("timeline.db");
    try (var proof = new Proof("timeline-damage", 1_000, 100_000)) {
      Map<String, byte[]> killed =
          new HashMap<>(); // as a killed process leaves it: most in the write-ahead log
      Map<String, byte[]> closed = new HashMap<>();
      String expected;
      try (var store = SqliteTimelineStore.open(file)) {
        for (int i = 0; i < 4; i++)
          store.append(Events.entries(store.size(), Events.ofEveryType()));
        expected = everything(store);
        copy(file, killed);
      }
      copy(file, closed);
      int[] refused = new int[1];
      for (int seed : proof.seeds())
        proof.check(
            "seed " + seed,
            () -> refused[0] += damage(seed % 3 == 0 ? killed : closed, seed, expected) ? 1 : 0);
      System.out.println("timeline-damage: " + refused[0] + " refused, the others without effect");
      proof.together(
          1_000,
          "a quarter is refused",
          () -> assertTrue(refused[0] > proof.cases() / 4, "refused only " + refused[0]));
    }
  }

  /** Whether the damage was refused. */
  private boolean damage(Map<String, byte[]> files, int seed, String expected) throws IOException {
    var random = new SplittableRandom(seed);
    List<String> ends = files.keySet().stream().sorted().toList();
    String target = random.nextInt(20) == 0 ? "-tip" : ends.get(random.nextInt(ends.size()));
    byte[] bytes = files.get(target).clone();
    boolean cut = random.nextInt(10) == 0;
    int at = random.nextInt(bytes.length);
    if (cut) bytes = Arrays.copyOf(bytes, at);
    else bytes[at] ^= (byte) (1 << random.nextInt(8));
    Path copy = folder.resolve("copy.db");
    for (String end : List.of("", "-wal", "-shm", "-tip")) Files.deleteIfExists(sibling(copy, end));
    for (String end : ends)
      Files.write(sibling(copy, end), end.equals(target) ? bytes : files.get(end));
    String what = "%s of `%s` at %d".formatted(cut ? "cut" : "flip", target, at);
    try (var store = SqliteTimelineStore.open(copy)) {
      assertTrue(expected.equals(everything(store)), () -> "read other entries after " + what);
      return false;
    } catch (Refusal e) {
      assertEquals(ProblemType.TIMELINE_DAMAGED, e.type(), what + ": " + e.detail());
      assertTrue(
          e.detail().contains(copy.toString()) && e.facts().containsKey("sequence"), e.detail());
      return true;
    }
  }

  private static void copy(Path file, Map<String, byte[]> into) throws IOException {
    for (String end : ENDS)
      if (Files.exists(sibling(file, end))) into.put(end, Files.readAllBytes(sibling(file, end)));
  }

  private static Path sibling(Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }

  private static String everything(TimelineStore store) {
    var seen = new ArrayList<Object>();
    seen.add(store.readControl());
    seen.add(store.size());
    seen.add(store.read(0, Long.MAX_VALUE));
    for (FeedbackKind kind : FeedbackKind.values())
      for (int step = 2; step < 6; step++) seen.add(store.feedback(1, kind, step));
    seen.add(store.postTimes(1, 0));
    for (int step = 2; step < 6; step++) {
      seen.add(step);
      Event.StepClosed close = store.stepClosed(1, step);
      if (close != null) seen.add(close);
      Event.BoundaryClosed boundary = store.boundaryClosed(1, step);
      if (boundary != null) seen.add(boundary);
    }
    seen.add(store.lastStepClosed(1));
    return Json.write(seen);
  }
}
