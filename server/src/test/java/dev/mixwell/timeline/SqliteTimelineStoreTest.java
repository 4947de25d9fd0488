package dev.mixwell.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteTimelineStoreTest extends TimelineStoreContract {
  @TempDir Path folder;

  @Override
  protected TimelineStore open() {
    return SqliteTimelineStore.open(folder.resolve("timeline.db"));
  }

  @Test
  void theTypeColumnIsTheTypeInThePayload() {
    for (Entry entry : Events.entries(0, Events.ofEveryType())) {
      EventRow row = EventRow.of(entry);
      assertEquals(Json.toTree(entry.event()).get("type").asText(), row.type());
    }
  }

  @Test
  void theHashOfARowIsPinned() {
    var row =
        new EventRow(
            1, 2, "issued", 3, 4, -1, "", "{\"type\":\"issued\",\"attempt\":3,\"upTo\":4}");
    assertEquals(
        "3773d25f818038fafcd2d567c6299524819312f06ff38df7868710ff3e5d1398",
        HexFormat.of().formatHex(row.hash(new byte[EventRow.HASH_BYTES])));
  }

  @Test
  void textCannotMoveFromOneColumnToTheNext() {
    byte[] zeros = new byte[EventRow.HASH_BYTES];
    byte[] one = new EventRow(0, 0, "ab", 0, 0, 0, "c", "").hash(zeros);
    byte[] other = new EventRow(0, 0, "a", 0, 0, 0, "bc", "").hash(zeros);
    assertFalse(Arrays.equals(one, other));
  }

  @Test
  void openedToBeReadOnlyItStaysAsItWasAndIsNeverTakenForDamaged() throws Exception {
    Path file = folder.resolve("timeline.db");
    store.append(Events.entries(0, List.of(new Event.Issued(0, 1))));
    var writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 1; i <= 200; i++)
                    store.append(Events.entries(i, List.of(new Event.Issued(i, 1))));
                });
    while (writer.isAlive()) {
      try (var look = SqliteTimelineStore.openReadOnly(file)) {
        long size = look.readControl().size();
        assertEquals(size, look.size());
        assertEquals(size, look.read(0, Long.MAX_VALUE).size());
        List<Entry> more = Events.entries(size, List.of(new Event.Issued(0, 2)));
        assertThrows(IllegalStateException.class, () -> look.append(more));
      }
    }
    writer.join();
    assertEquals(201, store.size());
  }

  @Test
  void aReaderOnAnotherThreadSeesWholeCommitsWhileTheWriterGoesOn() throws Exception {
    int commits = 200;
    var writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < commits; i++)
                    store.append(
                        Events.entries(
                            store.size(), List.of(new Event.Issued(i, 0), new Event.Issued(i, 1))));
                });
    int seen = 0;
    try (TimelineReader reader = store.openReader()) {
      while (seen < 2 * commits) {
        List<Entry> page = reader.read(seen, seen + 64);
        for (Entry entry : page) {
          assertEquals(seen, entry.sequence());
          assertEquals(new Event.Issued(seen / 2, seen % 2), entry.event());
          seen++;
        }
        if (page.size() < 64) assertEquals(0, page.size() % 2, "half a commit");
      }
    }
    writer.join();
    assertEquals(seen, store.size());
  }

  @Test
  void commitsAreForcedIntoAWriteAheadLog() throws Exception {
    try (Connection connection = SqliteTimelineStore.connect(folder.resolve("timeline.db"));
        Statement statement = connection.createStatement()) {
      assertEquals("wal", statement.executeQuery("PRAGMA journal_mode").getString(1));
      assertEquals(2, statement.executeQuery("PRAGMA synchronous").getInt(1), "2 is FULL");
    }
  }

  @Test
  void aFullDiskRefusesWritesAndHealsWhenThereIsRoom() throws Exception {
    Path file = folder.resolve("full.db");
    Connection connection = SqliteTimelineStore.connect(file);
    try (var full = SqliteTimelineStore.open(file, connection)) {
      full.append(Events.entries(0, Events.ofEveryType()));
      long written = full.size();
      execute(
          connection,
          "PRAGMA max_page_count = 1"); // never less than what is used already: no room for one
      // page more
      long refused = appendUntilRefused(full);
      assertTrue(refused >= written);
      for (int again = 0; again < 3; again++) assertEquals(refused, appendUntilRefused(full));
      execute(connection, "PRAGMA max_page_count = 100000");
      full.append(Events.entries(refused, Events.ofEveryType()));
      assertEquals(refused + Events.ofEveryType().size(), full.read(0, Long.MAX_VALUE).size());
      full.readControl();
    }
  }

  /** The size at which a batch of entries no longer fits; nothing of that batch is there. */
  private static long appendUntilRefused(TimelineStore store) {
    while (true) {
      long size = store.size();
      try {
        store.append(Events.entries(size, Events.ofEveryType()));
      } catch (Refusal e) {
        assertEquals(ProblemType.STORAGE_FAILED, e.type());
        assertTrue(
            e.detail().contains("full.db") && e.detail().contains("the disk is full"), e.detail());
        assertEquals(size, store.size());
        return size;
      }
    }
  }

  @Test
  void anotherVersionIsRefused() throws Exception {
    assertDamaged("PRAGMA user_version = 2", 0);
  }

  @Test
  void anotherTableIsRefused() throws Exception {
    assertDamaged("CREATE TABLE more (x)", 0);
  }

  @Test
  void aLostRowIsNamed() throws Exception {
    assertDamaged("DELETE FROM event WHERE sequence = 4", 4);
  }

  @Test
  void aLostEndIsNamed() throws Exception {
    assertDamaged("DELETE FROM event WHERE sequence >= 11", 11);
  }

  @Test
  void aLostBeginningIsNamed() throws Exception {
    assertDamaged("DELETE FROM event WHERE sequence < 2", 1);
  }

  @Test
  void swappedRowsAreNamed() throws Exception {
    assertDamaged(
        "UPDATE event SET sequence = CASE sequence WHEN 5 THEN -6 WHEN 6 THEN -5 END WHERE sequence IN (5, 6);"
            + " UPDATE event SET sequence = -sequence WHERE sequence < 0",
        5);
  }

  @Test
  void everyColumnIsUnderTheHash() throws Exception {
    for (String column : List.of("at_millis", "attempt", "step", "reporter"))
      assertDamaged("UPDATE event SET %1$s = %1$s + 1 WHERE sequence = 7".formatted(column), 7);
    for (String column : List.of("type", "kind", "payload"))
      assertDamaged("UPDATE event SET %1$s = %1$s || ' ' WHERE sequence = 7".formatted(column), 7);
    assertDamaged("UPDATE event SET hash = zeroblob(32) WHERE sequence = 7", 7);
  }

  @Test
  void anEmptiedFileIsNotANewTimeline() throws Exception {
    Path file = written("emptied");
    Files.write(file, new byte[0]);
    assertDamaged(file, 0);
    Files.delete(file);
    assertDamaged(file, 0);
  }

  private Path written(String name) {
    Path file = folder.resolve(name + ".db");
    try (var store = SqliteTimelineStore.open(file)) {
      store.append(Events.entries(0, Events.ofEveryType()));
    }
    return file;
  }

  private void assertDamaged(String sql, long sequence) throws Exception {
    Path file = written("damaged");
    try (Connection connection = SqliteTimelineStore.connect(file)) {
      for (String statement : sql.split(";")) execute(connection, statement);
    }
    assertDamaged(file, sequence);
    for (String end : List.of("", "-tip"))
      Files.delete(file.resolveSibling(file.getFileName() + end));
  }

  private static void assertDamaged(Path file, long sequence) {
    var refusal =
        assertThrows(
            Refusal.class,
            () -> {
              try (var store = SqliteTimelineStore.open(file)) {
                store.readControl();
              }
            });
    assertEquals(ProblemType.TIMELINE_DAMAGED, refusal.type(), refusal.detail());
    assertTrue(refusal.detail().contains(file.toString()), refusal.detail());
    assertEquals(sequence, refusal.facts().get("sequence"), refusal.detail());
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
