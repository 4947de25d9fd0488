package dev.mixwell.columnar;

import dev.mixwell.metadata.Metadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file that holds no documents, only what is known of them: of one column
 * their ids, of the others metadata. Owned by one thread.
 */
public final class ParquetLabels implements ParquetFile.Rows {
  private final ParquetLeaf id;
  private final ParquetMetadata metadata;
  private final Visitor visitor;
  private final RowBudget budget;

  /** Takes rows in order. */
  public interface Visitor {
    /**
     * @param id null where the row has none
     */
    void row(@Nullable String id, Metadata metadata) throws IOException;
  }

  private ParquetLabels(MessageType schema, RowBudget budget, String idField, Visitor visitor)
      throws UnreadableFile {
    this.visitor = visitor;
    this.budget = budget;
    ParquetLeaf found = null;
    var others = new ArrayList<ParquetLeaf>();
    List<ParquetLeaf> leaves = ParquetLeaf.all(schema, budget);
    for (ParquetLeaf leaf : leaves) {
      if (leaf.key().equals(idField)) found = leaf;
      else if (leaf.isMetadata(true)) others.add(leaf);
    }
    if (found == null || !found.isId())
      throw new UnreadableFile(
          UnreadableFile.Cause.UNCLEAR,
          "%s; its columns are %s"
              .formatted(
                  found == null
                      ? "there is no column \"%s\"".formatted(idField)
                      : "its column \"%s\" is neither text nor integers".formatted(idField),
                  String.join(", ", leaves.stream().map(ParquetLeaf::key).toList())));
    this.id = found;
    this.metadata = new ParquetMetadata(others);
  }

  /**
   * @param idField the column with the documents' ids
   * @throws UnreadableFile unclear if there is no such column
   */
  public static void read(Path file, String idField, Visitor visitor)
      throws UnreadableFile, IOException {
    ParquetFile.read(file, (schema, budget) -> new ParquetLabels(schema, budget, idField, visitor));
  }

  @Override
  public List<ColumnDescriptor> columns() {
    var columns = metadata.columns();
    columns.add(id.descriptor());
    return columns;
  }

  @Override
  public void take(ColumnReadStore store, long count) throws UnreadableFile, IOException {
    id.begin(store);
    metadata.begin(store);
    for (long row = 0; row < count; row++) {
      budget.beginRow();
      visitor.row(id.nextText(), metadata.next());
    }
  }
}
