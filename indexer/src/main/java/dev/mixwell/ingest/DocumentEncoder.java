package dev.mixwell.ingest;

import dev.mixwell.tokenize.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parses and tokenizes lines. Thread-safe. */
final class DocumentEncoder {
  private final LineParser parser;
  private final Tokenizer tokenizer;
  private final boolean skipEmpty;

  DocumentEncoder(IngestSpec spec) {
    this.parser = new LineParser(spec.textField(), spec.idField());
    this.tokenizer = spec.tokenizer();
    this.skipEmpty = spec.skipEmpty();
  }

  /**
   * The documents of a batch, in order.
   *
   * @throws dev.mixwell.api.Refusal bad-input for the first line that is none
   */
  List<EncodedDocument> encode(List<Line> lines) {
    var documents = new ArrayList<EncodedDocument>(lines.size());
    for (Line line : lines) {
      SourceDocument source = parser.parse(line);
      if (!source.text().isEmpty()) documents.add(encode(source, line.place()));
      else if (!skipEmpty)
        throw line.place()
            .refused("the text is empty", "Remove the line, or leave such out with --skip-empty.");
    }
    return documents;
  }

  private EncodedDocument encode(SourceDocument source, Place place) {
    int[] ids = tokenizer.encode(source.text());
    for (int id : ids)
      if (id < 0 || id >= tokenizer.vocabularySize())
        throw place.refused(
            "the tokenizer %s gave the id %d, but its vocabulary ends at %d"
                .formatted(tokenizer.name(), id, tokenizer.vocabularySize() - 1),
            "Take another tokenizer.");
    int[] tokens = Arrays.copyOf(ids, ids.length + 1);
    tokens[ids.length] = tokenizer.endOfDocument();
    long textBytes = source.text().getBytes(StandardCharsets.UTF_8).length;
    return new EncodedDocument(tokens, textBytes, source.id(), source.metadata());
  }
}
