package dev.mixwell.timeline;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteJDBCLoader;

/**
 * A timeline in one SQLite database: write-ahead log, forced at every commit, each row chained to
 * the one before by a SHA-256 that is checked whenever the row is read. One connection, used by one
 * thread at a time; lives as long as its run is open.
 */
public final class SqliteTimelineStore implements TimelineStore {
  private static final int BUSY_TIMEOUT_MILLIS = 5_000;
  private static final String OF_STEP =
      SqliteRows.SELECT + "WHERE type = ? AND attempt = ? AND step = ? ORDER BY sequence";
  private static final String FROM_STEP =
      SqliteRows.SELECT + "WHERE type = ? AND attempt = ? AND step >= ? ORDER BY sequence";
  private static final String LAST = SqliteRows.SELECT + "ORDER BY sequence DESC LIMIT 1";
  private static final String LAST_STEP =
      "SELECT max(step) FROM event WHERE type = ? AND attempt = ?";
  private static final String INSERT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final Path file;
  private final Connection connection;
  private final SqliteRows rows;
  private final Tip tip;

  /** Null while it must be read again: at first, and after a failed write. */
  private Tip.@Nullable Mark end;

  private SqliteTimelineStore(Path file, Connection connection, Tip tip) {
    this.file = file;
    this.connection = connection;
    this.rows = new SqliteRows(file, connection);
    this.tip = tip;
  }

  /** Unpacks and loads SQLite, which opening the first timeline would do. */
  public static void preload() {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw new IllegalStateException("SQLite cannot be loaded", e);
    }
  }

  /**
   * Opens a timeline, or creates an empty one whose name is durable.
   *
   * @throws Refusal {@code timeline-damaged} if the file is no timeline of this version; {@code
   *     storage-failed}
   */
  public static SqliteTimelineStore open(Path file) {
    try {
      Connection connection = connect(file);
      try {
        return open(file, connection);
      } catch (SQLException | IOException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw StorageFailure.whileReading(file, 0, e);
    } catch (IOException e) {
      throw StorageFailure.of(file, "opened", e);
    }
  }

  /**
   * Opens a timeline as it is now, beside a server that may have it open, too: writes no file and
   * takes no lock. What is appended later is not seen. SQLite notes its readers in the {@code -shm}
   * file; without a write-ahead log the database alone is read, so that a folder of a stopped
   * server gets none.
   *
   * @throws Refusal {@code timeline-damaged} if the file is no timeline of this version; {@code
   *     storage-failed}
   */
  public static SqliteTimelineStore openReadOnly(Path file) {
    try {
      Tip tip = Tip.lookedAt(file); // before the entries, of which there may soon be more
      boolean hasLog = Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
      Connection connection = connectReadOnly(file, hasLog ? "" : "?immutable=1");
      try {
        var store = new SqliteTimelineStore(file, connection, tip);
        store.execute("BEGIN"); // one look at everything
        String flaw = Schema.flaw(connection);
        if (flaw != null) throw StorageFailure.damaged(file, 0, flaw);
        return store;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw StorageFailure.whileReading(file, 0, e);
    } catch (IOException e) {
      throw StorageFailure.of(file, "opened", e);
    }
  }

  /**
   * Whether the file holds an entry or may have held one: a damaged timeline is not an unborn one.
   */
  public static boolean isStarted(Path file) {
    if (!Files.exists(file) && !Files.exists(Tip.fileOf(file))) return false;
    try (var store = open(file)) {
      return store.size() > 0;
    } catch (Refusal e) {
      return true;
    }
  }

  static SqliteTimelineStore open(Path file, Connection connection)
      throws SQLException, IOException {
    Tip tip = Tip.open(file);
    try {
      if (Schema.isAbsent(connection)) {
        if (tip.read() != null)
          throw StorageFailure.damaged(file, 0, "the file is empty, but entries had been written");
        Schema.create(connection);
        ForcedFiles.forceParent(file);
      }
      String flaw = Schema.flaw(connection);
      if (flaw != null) throw StorageFailure.damaged(file, 0, flaw);
      return new SqliteTimelineStore(file, connection, tip);
    } catch (SQLException | IOException | RuntimeException e) {
      tip.close();
      throw e;
    }
  }

  static Connection connect(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
  }

  private static Connection connectReadOnly(Path file, String query) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    return config.createConnection("jdbc:sqlite:" + file.toUri() + query);
  }

  /**
   * @throws IllegalStateException if this was opened to be read only
   */
  @Override
  public void append(List<Entry> entries) {
    if (entries.isEmpty()) return;
    if (tip.isLookedAt()) throw new IllegalStateException(file + " was opened to be read only");
    Tip.Mark from = end();
    List<EventRow> added = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      long expected = from.size() + added.size();
      if (entry.sequence() != expected)
        throw new IllegalArgumentException(
            "sequence number " + entry.sequence() + " where " + expected + " is next");
      added.add(EventRow.of(entry));
    }
    end = null;
    try {
      end = write(from, added);
    } catch (SQLException | IOException e) {
      rollback();
      throw StorageFailure.of(file, "written", e);
    }
  }

  private Tip.Mark write(Tip.Mark from, List<EventRow> added) throws SQLException, IOException {
    byte[] hash = from.hash();
    execute("BEGIN IMMEDIATE");
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (EventRow row : added) {
        hash = row.hash(hash);
        SqliteRows.bind(
            insert,
            row.sequence(),
            row.atMillis(),
            row.type(),
            row.attempt(),
            row.step(),
            row.reporter(),
            row.kind(),
            row.payload(),
            hash);
        insert.executeUpdate();
      }
    }
    execute("COMMIT");
    var written = new Tip.Mark(from.size() + added.size(), hash);
    tip.write(written);
    return written;
  }

  private void rollback() {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself, as it does when the disk is full. If it has not, the next
      // BEGIN fails and says why.
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public List<Entry> readControl() {
    var control = new ArrayList<Entry>();
    long next = 0;
    try (PreparedStatement statement = rows.prepare(SqliteRows.RANGE, 0, Long.MAX_VALUE);
        ResultSet found = statement.executeQuery()) {
      Tip.Mark mark = tip.read();
      boolean reached = mark == null;
      for (; found.next(); next++) {
        EventRow row = rows.verified(found);
        if (row.sequence() != next) throw StorageFailure.damaged(file, next, "it is missing");
        if (row.isControl()) control.add(rows.entry(row));
        if (mark != null && mark.size() - 1 == next)
          reached = Arrays.equals(mark.hash(), found.getBytes(SqliteRows.HASH));
      }
      if (mark != null && !reached)
        throw StorageFailure.damaged(
            file,
            Math.min(next, mark.size()),
            "%d other entries had been written".formatted(mark.size()));
      checkStructure(next);
      return control;
    } catch (SQLException e) {
      throw StorageFailure.whileReading(file, next, e);
    } catch (IOException e) {
      throw StorageFailure.of(file, "read", e);
    }
  }

  /** That the index has exactly the table's rows: look-ups trust it. */
  private void checkStructure(long size) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA integrity_check(1)")) {
      String found = result.getString(1);
      if (!"ok".equals(found))
        throw StorageFailure.damaged(file, size, "SQLite's own check says: " + found);
    }
  }

  @Override
  public List<Entry> read(long from, long to) {
    return rows.read(from, to);
  }

  /** By a connection of its own, which neither waits for the writer's nor holds it up. */
  @Override
  public TimelineReader openReader() {
    try {
      return new SqliteRows(file, connectReadOnly(file, ""));
    } catch (SQLException e) {
      throw StorageFailure.whileReading(file, 0, e);
    }
  }

  @Override
  public long size() {
    return end().size();
  }

  private Tip.Mark end() {
    if (end == null) end = readEnd();
    return end;
  }

  private Tip.Mark readEnd() {
    try (PreparedStatement statement = rows.prepare(LAST);
        ResultSet last = statement.executeQuery()) {
      if (!last.next()) return new Tip.Mark(0, new byte[EventRow.HASH_BYTES]);
      return new Tip.Mark(rows.verified(last).sequence() + 1, last.getBytes(SqliteRows.HASH));
    } catch (SQLException e) {
      throw StorageFailure.whileReading(file, 0, e);
    }
  }

  @Override
  public List<Event.FeedbackPosted> feedback(int attempt, FeedbackKind kind, long step) {
    String name = EventRow.name(kind);
    return rows.query(OF_STEP, EventRow.FEEDBACK, attempt, step).stream()
        .filter(row -> row.kind().equals(name))
        .map(row -> (Event.FeedbackPosted) rows.entry(row).event())
        .sorted(Comparator.comparingInt(Event.FeedbackPosted::reporter))
        .toList();
  }

  @Override
  public List<PostTime> postTimes(int attempt, long step) {
    String validation = EventRow.name(FeedbackKind.VALIDATION);
    return rows.query(FROM_STEP, EventRow.FEEDBACK, attempt, step).stream()
        .filter(row -> !row.kind().equals(validation))
        .map(row -> new PostTime(row.step(), row.atMillis()))
        .toList();
  }

  @Override
  public Event.@Nullable StepClosed stepClosed(int attempt, long step) {
    List<EventRow> found = rows.query(OF_STEP, EventRow.STEP_CLOSED, attempt, step);
    return found.isEmpty() ? null : (Event.StepClosed) rows.entry(found.getFirst()).event();
  }

  @Override
  public Event.@Nullable BoundaryClosed boundaryClosed(int attempt, long step) {
    List<EventRow> found = rows.query(OF_STEP, EventRow.BOUNDARY_CLOSED, attempt, step);
    return found.isEmpty() ? null : (Event.BoundaryClosed) rows.entry(found.getFirst()).event();
  }

  @Override
  public long lastStepClosed(int attempt) {
    return lastStep(EventRow.STEP_CLOSED, attempt);
  }

  @Override
  public long lastBoundaryClosed(int attempt) {
    return lastStep(EventRow.BOUNDARY_CLOSED, attempt);
  }

  private long lastStep(String type, int attempt) {
    try (PreparedStatement statement = rows.prepare(LAST_STEP, type, attempt);
        ResultSet result = statement.executeQuery()) {
      long step = result.getLong(1);
      return result.wasNull() ? -1 : step;
    } catch (SQLException e) {
      throw StorageFailure.whileReading(file, 0, e);
    }
  }

  @Override
  public void close() {
    try (tip) {
      connection.close();
    } catch (SQLException | IOException e) {
      throw StorageFailure.of(file, "closed", e);
    }
  }
}
