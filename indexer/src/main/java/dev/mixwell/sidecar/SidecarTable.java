package dev.mixwell.sidecar;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.metadata.Metadata;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * The table while it is filled. Rows are appended in their order, and the index over their ids is
 * made at the end, which SQLite does by merging sorted runs on disk: rows in random order into an
 * index that does not fit the cache would each read a page. Owned by one thread.
 */
final class SidecarTable {
  /** Row's number (from 1) and metadata of an id. */
  static final String LOOKUP = "SELECT rowid, metadata FROM row WHERE id = ?";

  private static final int CACHE_KIB = 1 << 17;
  private static final int ROWS_PER_BATCH = 1 << 13;
  private static final String INSERT = "INSERT INTO row VALUES (?, ?, ?, ?)";
  private static final String TWICE =
      "SELECT id, source, number FROM row WHERE id = (SELECT id FROM row GROUP BY id HAVING count(*) > 1 LIMIT 1) ORDER BY rowid LIMIT 2";

  private final Connection connection;
  private final PreparedStatement insert;
  private final List<MetadataRows> sources = new ArrayList<>();
  private long rows;
  private int batched;

  SidecarTable(Connection connection) throws SQLException {
    this.connection = connection;
    this.insert = connection.prepareStatement(INSERT);
  }

  /** The table is made anew by each index command, so nothing of it needs to survive a crash. */
  static Connection create(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.OFF);
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setCacheSize(-CACHE_KIB); // negative: in KiB
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE row (id TEXT, metadata BLOB, source INTEGER, number INTEGER)");
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  void add(MetadataRows source) throws IOException {
    sources.add(source);
    source.read(
        (number, documentId, metadata) -> {
          try {
            add(number, documentId, metadata);
          } catch (SQLException e) {
            throw new IOException("the table of metadata: " + e.getMessage(), e);
          }
        });
  }

  private void add(long number, String documentId, Metadata metadata)
      throws SQLException, ClosedByInterruptException {
    insert.setString(1, documentId);
    insert.setBytes(2, metadata.toBytes());
    insert.setInt(3, sources.size() - 1);
    insert.setLong(4, number);
    insert.addBatch();
    rows++;
    if (++batched < ROWS_PER_BATCH) return;
    batched = 0;
    insert.executeBatch();
    if (Thread.currentThread().isInterrupted()) throw new ClosedByInterruptException();
  }

  /**
   * Makes the rows known by their ids, and returns how many there are.
   *
   * @throws Refusal bad-input if two have the same id
   */
  long finish() throws SQLException {
    insert.executeBatch();
    insert.close();
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE INDEX row_by_id ON row (id)");
      connection.commit();
      try (ResultSet twice = statement.executeQuery(TWICE)) {
        if (twice.next()) throw repeated(twice);
      }
    }
    return rows;
  }

  private Refusal repeated(ResultSet twice) throws SQLException {
    String id = twice.getString(1);
    String first = place(twice);
    boolean _ = twice.next();
    return new Refusal(
        ProblemType.BAD_INPUT,
        "%s: the id \"%s\" is that of %s already. A document has one row of metadata: put all of it there."
            .formatted(place(twice), id, first));
  }

  private String place(ResultSet row) throws SQLException {
    return sources.get(row.getInt(2)).place(row.getLong(3));
  }
}
