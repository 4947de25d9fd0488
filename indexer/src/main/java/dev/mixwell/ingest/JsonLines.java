package dev.mixwell.ingest;

import dev.mixwell.base.Refusal;
import dev.mixwell.lines.BatchReader;
import dev.mixwell.lines.Line;
import dev.mixwell.lines.LineParser;
import dev.mixwell.lines.SourceDocument;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.writing.AppendingQueue;
import dev.mixwell.writing.DocumentEncoder;
import dev.mixwell.writing.EncodedDocument;
import dev.mixwell.writing.MetadataDefaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Files of JSON lines, a document each.
 *
 * @param textField the member with the text
 * @param idField the member with the id, if a document has one
 * @param defaults by the files' absolute paths
 */
public record JsonLines(
    List<Path> files, String textField, String idField, MetadataDefaults defaults) {
  /**
   * Has all documents made, in order.
   *
   * @param readBytes told how much was read now and then
   * @throws Refusal bad-input, naming the line; after all documents before it were appended
   */
  public void transfer(DocumentEncoder encoder, AppendingQueue queue, LongConsumer readBytes)
      throws IOException, InterruptedException {
    var parser = new LineParser(textField, idField);
    try (var reader = new BatchReader(files)) {
      for (List<Line> lines = next(reader, queue); !lines.isEmpty(); lines = next(reader, queue)) {
        List<Line> batch = lines;
        queue.add(() -> AppendingQueue.Part.of(encode(batch, parser, encoder)));
        readBytes.accept(reader.readBytes());
      }
    }
    queue.drain();
  }

  private static List<Line> next(BatchReader reader, AppendingQueue queue)
      throws IOException, InterruptedException {
    try {
      return reader.next();
    } catch (Refusal damage) {
      queue.drain(); // a mistake in a line before it is named instead
      throw damage;
    }
  }

  private List<EncodedDocument> encode(
      List<Line> lines, LineParser parser, DocumentEncoder encoder) {
    var documents = new ArrayList<EncodedDocument>(lines.size());
    for (Line line : lines) {
      EncodedDocument document = encoder.encode(completed(parser.parse(line), line), line.place());
      if (document != null) documents.add(document);
    }
    return documents;
  }

  private SourceDocument completed(SourceDocument document, Line line) {
    if (defaults.values().isEmpty()) return document;
    Metadata all = defaults.complete(path(line), document.metadata());
    return new SourceDocument(document.text(), document.id(), all);
  }

  private static String path(Line line) {
    return line.place().file().toAbsolutePath().normalize().toString();
  }
}
