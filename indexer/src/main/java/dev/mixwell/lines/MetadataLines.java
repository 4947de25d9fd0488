package dev.mixwell.lines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.sidecar.MetadataRows;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of JSON lines, plain, {@code .gz} or {@code .zst}: of each the id of a document, and
 * everything else is metadata as it is in documents.
 */
public record MetadataLines(Path file, String idField) implements MetadataRows {
  @Override
  public String place(long number) {
    return "%s, line %,d".formatted(file, number);
  }

  @Override
  public void read(RowVisitor visitor) throws IOException {
    try (var reader = new LineReader(file)) {
      for (Line line = reader.next(); line != null; line = reader.next()) {
        JsonNode object = LineParser.object(line, "A line is one object, a document's metadata.");
        String id =
            LineParser.id(object.get(idField), idField, "--metadata-id-field", line.place());
        if (id == null)
          throw line.place()
              .refused(
                  "it has no \"%s\", the id of the document that it belongs to".formatted(idField),
                  "Name the id's field with --metadata-id-field.");
        visitor.row(line.place().line(), id, LineParser.metadata(object, line.place(), idField));
      }
    }
  }
}
