package dev.mixwell.columnar;

import dev.mixwell.metadata.Metadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file: of one column ids or a text, of the others metadata. Read column by
 * column, so that a row's ids are never objects. Owned by one thread.
 */
public final class ParquetRows implements ParquetFile.Rows {
  private final ParquetLeaf document;
  private final @Nullable ParquetLeaf id;
  private final ParquetMetadata metadata;
  private final RowVisitor visitor;
  private final RowBudget budget;
  private long rows;

  private ParquetRows(
      MessageType schema,
      RowBudget budget,
      @Nullable String column,
      String idField,
      RowVisitor visitor)
      throws UnreadableFile {
    this.visitor = visitor;
    this.budget = budget;
    List<String> names = schema.getFields().stream().map(Type::getName).toList();
    String chosen = Columns.choose(column, names);
    List<ParquetLeaf> leaves = ParquetLeaf.all(schema, budget);
    this.document = document(chosen, leaves);
    document.becomeDocument();
    ParquetLeaf given = null;
    var others = new ArrayList<ParquetLeaf>();
    for (ParquetLeaf leaf : leaves) {
      if (leaf.top().equals(chosen)) continue;
      if (leaf.key().equals(idField)) given = leaf;
      else if (leaf.isMetadata(document.isText())) others.add(leaf);
    }
    this.id = given;
    this.metadata = new ParquetMetadata(others);
  }

  private static ParquetLeaf document(String column, List<ParquetLeaf> leaves)
      throws UnreadableFile {
    List<ParquetLeaf> of = leaves.stream().filter(l -> l.top().equals(column)).toList();
    if (of.size() != 1 || !(of.getFirst().isText() || of.getFirst().isIds()))
      throw UnreadableFile.unsupported(
          "its column \"%s\" is neither a list of integers nor text".formatted(column));
    return of.getFirst();
  }

  /**
   * @param column the one with the documents; null for the usual names
   * @param idField the one with their ids, if there is one
   */
  public static void read(Path file, @Nullable String column, String idField, RowVisitor visitor)
      throws UnreadableFile, IOException {
    ParquetFile.read(
        file, (schema, budget) -> new ParquetRows(schema, budget, column, idField, visitor));
  }

  @Override
  public List<ColumnDescriptor> columns() {
    var columns = metadata.columns();
    columns.add(document.descriptor());
    if (id != null) columns.add(id.descriptor());
    return columns;
  }

  @Override
  public void take(ColumnReadStore store, long count) throws UnreadableFile, IOException {
    document.begin(store);
    if (id != null) id.begin(store);
    metadata.begin(store);
    for (long row = 0; row < count; row++) tell();
  }

  private void tell() throws UnreadableFile, IOException {
    budget.beginRow();
    boolean isPresent = document.next();
    if (document.isIds() && document.hasNullElement())
      throw UnreadableFile.unsupported(
          "row %,d of its column \"%s\" has a null among its ids".formatted(rows, document.top()));
    rows++;
    String given = id == null ? null : id.nextText();
    Metadata said = metadata.next();
    if (!isPresent) visitor.absent();
    else if (document.isText()) visitor.text(document.text(), given, said);
    else visitor.tokens(document.ids(), given, said);
  }
}
