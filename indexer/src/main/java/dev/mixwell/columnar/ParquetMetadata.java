package dev.mixwell.columnar;

import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;

/** Columns whose values say something of a row's document. Owned by one thread. */
record ParquetMetadata(List<ParquetLeaf> leaves) {
  List<ColumnDescriptor> columns() {
    var columns = new ArrayList<ColumnDescriptor>();
    for (ParquetLeaf leaf : leaves) columns.add(leaf.descriptor());
    return columns;
  }

  /** Begins a row group. */
  void begin(ColumnReadStore store) {
    for (ParquetLeaf leaf : leaves) leaf.begin(store);
  }

  /** What the next row says. */
  Metadata next() throws UnreadableFile {
    if (leaves.isEmpty()) return Metadata.NONE;
    var values = new TreeMap<String, List<MetadataValue>>();
    for (ParquetLeaf leaf : leaves)
      if (leaf.next() && !leaf.values().isEmpty())
        values.put(leaf.key(), List.copyOf(leaf.values()));
    return new Metadata(values);
  }
}
