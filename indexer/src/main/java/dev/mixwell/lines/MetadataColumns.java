package dev.mixwell.lines;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.columnar.ParquetLabels;
import dev.mixwell.columnar.UnreadableFile;
import dev.mixwell.sidecar.MetadataRows;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A Parquet file: of each row one column is the id of a document, and the others are its metadata,
 * of structs with a dot between the names.
 */
public record MetadataColumns(Path file, String idField) implements MetadataRows {
  @Override
  public String place(long number) {
    return "%s, row %,d".formatted(file, number);
  }

  @Override
  public void read(RowVisitor visitor) throws IOException {
    long[] rows = {0};
    try {
      ParquetLabels.read(
          file,
          idField,
          (id, metadata) -> {
            long row = ++rows[0];
            if (id == null || id.isEmpty())
              throw refused(
                  "%s: it has no \"%s\", the id of the document that it belongs to. Name the id's column with --metadata-id-field."
                      .formatted(place(row), idField));
            visitor.row(row, id, metadata);
          });
    } catch (UnreadableFile e) {
      throw refused(
          "%s: %s. %s"
              .formatted(
                  file,
                  e.what(),
                  e.why() == UnreadableFile.Cause.UNCLEAR
                      ? "Name the column with the documents' ids with --metadata-id-field."
                      : "Write it again, or give --metadata JSON lines."));
    }
  }

  private Refusal refused(String what) {
    return new Refusal(ProblemType.BAD_INPUT, what).with("file", file.toString());
  }
}
