package dev.mixwell.timeline;

import dev.mixwell.base.Refusal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a timeline as one connection reads them, each checked against the one before. */
final class SqliteRows implements TimelineReader {
  /** What {@link #verified} reads. */
  static final String SELECT =
      "SELECT sequence, at_millis, type, attempt, step, reporter, kind, payload, hash,"
          + " (SELECT before.hash FROM event before WHERE before.sequence = event.sequence - 1) FROM event ";

  static final String RANGE = SELECT + "WHERE sequence >= ? AND sequence < ? ORDER BY sequence";
  static final int HASH = 9;
  private static final int PREVIOUS_HASH = 10;

  private final Path file;
  private final Connection connection;

  /**
   * @param connection to be closed with this reader, if anybody closes it
   */
  SqliteRows(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  @Override
  public List<Entry> read(long from, long to) {
    var entries = new ArrayList<Entry>();
    for (EventRow row : query(RANGE, from, to)) entries.add(entry(row));
    return entries;
  }

  List<EventRow> query(String sql, Object... values) {
    var found = new ArrayList<EventRow>();
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) found.add(verified(rows));
    } catch (SQLException e) {
      throw StorageFailure.whileReading(file, 0, e);
    }
    return found;
  }

  /** Not kept: the driver discards a statement that has failed once. */
  PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    bind(statement, values);
    return statement;
  }

  static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
  }

  /** A row of {@link #SELECT} that follows from the row before it. */
  EventRow verified(ResultSet rows) throws SQLException {
    var row =
        new EventRow(
            rows.getLong(1),
            rows.getLong(2),
            text(rows, 3),
            rows.getLong(4),
            rows.getLong(5),
            rows.getLong(6),
            text(rows, 7),
            text(rows, 8));
    byte @Nullable [] previous =
        row.sequence() == 0 ? new byte[EventRow.HASH_BYTES] : rows.getBytes(PREVIOUS_HASH);
    if (previous == null) throw StorageFailure.damaged(file, row.sequence() - 1, "it is missing");
    if (!Arrays.equals(row.hash(previous), rows.getBytes(HASH)))
      throw StorageFailure.damaged(
          file, row.sequence(), "its hash does not follow from its columns and the entry before");
    return row;
  }

  /** Never null in a whole table; what is read in place of a lost one fails the hash. */
  private static String text(ResultSet rows, int column) throws SQLException {
    String text = rows.getString(column);
    return text == null ? "" : text;
  }

  Entry entry(EventRow row) {
    try {
      return row.entry();
    } catch (Refusal e) {
      throw StorageFailure.damaged(file, row.sequence(), "its payload is no event: " + e.detail());
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw StorageFailure.of(file, "closed", e);
    }
  }
}
