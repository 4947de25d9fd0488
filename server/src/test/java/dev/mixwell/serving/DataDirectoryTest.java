package dev.mixwell.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Events;
import dev.mixwell.timeline.Java;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir Path folder;

  /** An owner: takes the directory of its first argument, says so, and waits until it is killed. */
  public static void main(String[] arguments) throws IOException {
    try (var data = DataDirectory.open(Path.of(arguments[0]))) {
      System.out.println("owned");
      while (System.in.read() >= 0) System.out.println(data.runs());
    } catch (Refusal e) {
      System.out.println(e.type() + " " + e.detail());
    }
  }

  @Test
  void aSecondProcessIsToldTheOwnerAndAKilledOwnerIsReplaced() throws Exception {
    Process owner = Java.start(DataDirectoryTest.class, folder.toString());
    try {
      assertEquals("owned", owner.inputReader().readLine());
      var refusal = assertThrows(Refusal.class, () -> DataDirectory.open(folder));
      assertEquals(ProblemType.DATA_DIRECTORY_IN_USE, refusal.type());
      assertTrue(
          refusal.detail().contains("process " + owner.pid() + " on host "), refusal.detail());
      assertTrue(refusal.detail().contains(folder.toRealPath().toString()), refusal.detail());
      assertThrows(
          Refusal.class,
          () -> DataDirectory.open(folder),
          "being refused did not release the owner's lock");
    } finally {
      owner.destroyForcibly().waitFor();
    }
    DataDirectory.open(folder).close();
  }

  @Test
  void aRefusedOpeningInTheSameProcessKeepsTheLock() throws Exception {
    try (var data = DataDirectory.open(folder)) {
      assertThrows(Refusal.class, () -> DataDirectory.open(folder.resolve("runs").resolve("..")));
      Process second = Java.start(DataDirectoryTest.class, folder.toString());
      try {
        String said = second.inputReader().readLine();
        assertTrue(said.startsWith("DATA_DIRECTORY_IN_USE"), said);
        assertTrue(said.contains("process " + ProcessHandle.current().pid() + " on host "), said);
        assertEquals(0, second.waitFor());
      } finally {
        second.destroyForcibly();
      }
      assertEquals(List.of(), data.runs());
    }
    DataDirectory.open(folder).close();
  }

  @Test
  void aRunExistsOnceItsTimelineHasAnEntry() throws Exception {
    try (var data = DataDirectory.open(folder.resolve("new").resolve("data"))) {
      Files.writeString(data.prepare("only-a-folder").resolve("extents"), "half");
      SqliteTimelineStore.open(prepared(data, "no-entry")).close();
      Files.createFile(prepared(data, "an-empty-file"));
      create(data, "b.whole");
      create(data, "a");
      Files.write(prepared(data, "damaged"), new byte[100]);
      assertEquals(List.of("a", "b.whole", "damaged"), data.runs());
    }
  }

  @Test
  void whatACreationLeftIsClearedBeforeTheNext() throws Exception {
    try (var data = DataDirectory.open(folder)) {
      Path half = data.prepare("half");
      Files.createDirectories(half.resolve("a").resolve("b"));
      SqliteTimelineStore.open(data.timeline("half")).close();
      assertEquals(half, data.prepare("half"));
      try (var left = Files.list(half)) {
        assertEquals(List.of(), left.toList());
      }
      create(data, "half");
      assertEquals(List.of("half"), data.runs());
      assertThrows(IllegalStateException.class, () -> data.prepare("half"));
    }
  }

  @Test
  void namesThatLeaveTheDirectoryAreRefused() throws Exception {
    try (var data = DataDirectory.open(folder)) {
      for (String name :
          List.of("", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a\0b", "a b", "x".repeat(101)))
        assertEquals(
            ProblemType.INVALID_RUN,
            assertThrows(Refusal.class, () -> data.runDirectory(name)).type(),
            name);
      assertFalse(data.exists("absent"));
    }
  }

  private static Path prepared(DataDirectory data, String run) {
    data.prepare(run);
    return data.timeline(run);
  }

  private static void create(DataDirectory data, String run) {
    try (var store = SqliteTimelineStore.open(prepared(data, run))) {
      store.append(Events.entries(0, List.of(Events.runCreated())));
    }
  }
}
