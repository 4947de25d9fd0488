package dev.mixwell.timeline;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one table of a timeline and its index. A later version is a new class. */
final class Schema {
  static final int VERSION = 1;

  /** Types of columns are as in {@link EventRow}; -1 and the empty text stand for "none". */
  private static final String TABLE =
      "CREATE TABLE event (sequence INTEGER PRIMARY KEY, at_millis INTEGER NOT NULL, type TEXT NOT NULL, attempt INTEGER NOT NULL,"
          + " step INTEGER NOT NULL, reporter INTEGER NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, hash BLOB NOT NULL)";

  /** Serves every look-up: the few rows of one step are told apart by reading them. */
  private static final String INDEX = "CREATE INDEX event_by_step ON event (type, attempt, step)";

  private Schema() {}

  /** Whether the database is as an interrupted creation leaves it: without a table. */
  static boolean isAbsent(Connection connection) throws SQLException {
    return version(connection) == 0 && statements(connection).isEmpty();
  }

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute(TABLE);
      statement.execute(INDEX);
      statement.execute("PRAGMA user_version = " + VERSION);
      statement.execute("COMMIT");
    }
  }

  /** What is wrong with the database's schema; null if nothing is. */
  static @Nullable String flaw(Connection connection) throws SQLException {
    int version = version(connection);
    if (version != VERSION)
      return "it has version " + version + ", and this server reads version " + VERSION;
    return statements(connection).equals(List.of(TABLE, INDEX))
        ? null
        : "its tables are not those of version " + VERSION;
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA user_version")) {
      return result.getInt(1);
    }
  }

  private static List<String> statements(Connection connection) throws SQLException {
    var found = new ArrayList<String>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT sql FROM sqlite_schema ORDER BY rowid")) {
      while (result.next()) found.add(result.getString(1));
    }
    return found;
  }
}
