package dev.mixwell.writing;

import dev.mixwell.lines.Place;
import dev.mixwell.lines.SourceDocument;
import dev.mixwell.tokenize.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tokenizes documents. Thread-safe. */
public final class DocumentEncoder {
  private final Tokenizer tokenizer;
  private final @Nullable Integer endOfDocument;
  private final EmptyText empty;

  /**
   * @param endOfDocument the id behind each document, as the index has it; null for none
   */
  public DocumentEncoder(Tokenizer tokenizer, @Nullable Integer endOfDocument, EmptyText empty) {
    this.tokenizer = tokenizer;
    this.endOfDocument = endOfDocument;
    this.empty = empty;
  }

  /**
   * A document as ids, with the end of document if there is one; null if it is left out.
   *
   * @throws dev.mixwell.base.Refusal bad-input for an empty one, if that is a mistake
   */
  public @Nullable EncodedDocument encode(SourceDocument source, Place place) {
    if (source.text().isEmpty() && empty != EmptyText.KEEP) {
      if (empty == EmptyText.SKIP) return null;
      throw place.refused(
          "the text is empty", "Remove the line, or leave such out with --skip-empty.");
    }
    int[] ids = ids(source, place);
    for (int id : ids)
      if (id < 0 || id >= tokenizer.vocabularySize())
        throw place.refused(
            "the tokenizer %s gave the id %d, but its vocabulary ends at %d"
                .formatted(tokenizer.name(), id, tokenizer.vocabularySize() - 1),
            "Take another tokenizer.");
    int[] tokens = ended(ids);
    long textBytes = source.text().getBytes(StandardCharsets.UTF_8).length;
    return new EncodedDocument(tokens, textBytes, source.id(), source.metadata(), source.text());
  }

  private int[] ids(SourceDocument source, Place place) {
    try {
      return tokenizer.encode(source.text());
    } catch (IllegalArgumentException e) {
      throw place.refused(
          "the tokenizer %s cannot encode the text: %s".formatted(tokenizer.name(), e.getMessage()),
          "Take another tokenizer.");
    }
  }

  private int[] ended(int[] ids) {
    if (endOfDocument == null) return ids;
    int[] tokens = Arrays.copyOf(ids, ids.length + 1);
    tokens[ids.length] = endOfDocument;
    return tokens;
  }
}
