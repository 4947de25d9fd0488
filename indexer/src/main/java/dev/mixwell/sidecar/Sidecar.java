package dev.mixwell.sidecar;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of metadata by document id, in a table on disk that lasts as long as this ({@link
 * SidecarTable}); memory is the table's cache and a bit a row. Owned by one thread.
 */
public final class Sidecar implements AutoCloseable {
  private static final int MAX_ROWS = Integer.MAX_VALUE - 1; // of the bits that mark them

  private final Path file;
  private final Connection connection;
  private final PreparedStatement lookup;
  private final long rows;
  private final BitSet matched = new BitSet();
  private long documents;
  private long documentsWithRow;

  /**
   * What became of a sidecar's rows.
   *
   * @param rowsWithoutDocument rows whose id no document has
   * @param documentsWithoutRow documents that no row names
   */
  public record Counts(
      long rows, long rowsWithoutDocument, long documents, long documentsWithoutRow) {}

  private Sidecar(Path file, Connection connection, long rows) throws SQLException {
    this.file = file;
    this.connection = connection;
    this.rows = rows;
    this.lookup = connection.prepareStatement(SidecarTable.LOOKUP);
  }

  /**
   * Reads all rows into a table.
   *
   * @param file the table's; made here, and removed by {@link #close}
   * @throws Refusal bad-input, naming the row: a mistake, or an id that an earlier row has
   */
  public static Sidecar of(List<MetadataRows> sources, Path file) throws IOException {
    Connection connection = null;
    try {
      connection = SidecarTable.create(file);
      var table = new SidecarTable(connection);
      for (MetadataRows source : sources) table.add(source);
      long rows = table.finish();
      if (rows > MAX_ROWS)
        throw new Refusal(
            ProblemType.BAD_INPUT,
            "The metadata has %,d rows; at most %,d are joined.".formatted(rows, MAX_ROWS));
      return new Sidecar(file, connection, rows);
    } catch (SQLException e) {
      remove(file, connection);
      throw failed(file, e);
    } catch (IOException | RuntimeException e) {
      remove(file, connection);
      throw e;
    }
  }

  /** A document's metadata with its row's: for a key that both have, the row's values count. */
  public Metadata join(String documentId, Metadata own) throws IOException {
    if (Thread.currentThread().isInterrupted()) throw new ClosedByInterruptException();
    documents++;
    try {
      lookup.setString(1, documentId);
      try (ResultSet found = lookup.executeQuery()) {
        if (!found.next()) return own;
        documentsWithRow++;
        matched.set(found.getInt(1));
        var joined = new TreeMap<String, List<MetadataValue>>(own.values());
        joined.putAll(Metadata.fromBytes(found.getBytes(2)).values());
        return new Metadata(joined);
      }
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  /** Of the documents that were joined so far. */
  public Counts counts() {
    return new Counts(rows, rows - matched.cardinality(), documents, documents - documentsWithRow);
  }

  @Override
  public void close() throws IOException {
    remove(file, connection);
  }

  private static void remove(Path file, @Nullable Connection connection) throws IOException {
    try {
      if (connection != null) connection.close();
    } catch (SQLException e) {
      throw failed(file, e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static IOException failed(Path file, SQLException e) {
    return new IOException("the table of metadata %s: %s".formatted(file, e.getMessage()), e);
  }
}
