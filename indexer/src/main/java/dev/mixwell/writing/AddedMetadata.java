package dev.mixwell.writing;

import dev.mixwell.sidecar.MetadataRows;
import dev.mixwell.sidecar.Sidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What documents' metadata is to have besides their own.
 *
 * @param rows by document id: where they have a key, their value counts, not the document's
 * @param defaults where neither has the key
 */
public record AddedMetadata(List<MetadataRows> rows, MetadataDefaults defaults) {
  public static final AddedMetadata NONE = new AddedMetadata(List.of(), MetadataDefaults.NONE);

  private static final String TABLE = "metadata.pending";

  public AddedMetadata {
    rows = List.copyOf(rows);
  }

  /**
   * Reads the rows into a table that lasts until it is closed; null if there are none.
   *
   * @param directory where there is room
   * @throws dev.mixwell.base.Refusal bad-input, naming the row
   */
  public @Nullable Sidecar sidecar(Path directory) throws IOException {
    return rows.isEmpty() ? null : Sidecar.of(rows, directory.resolve(TABLE));
  }
}
