package dev.mixwell.manifest;

import org.jspecify.annotations.Nullable;

/**
 * The tokenizer that made an index's tokens.
 *
 * @param vocabularySize ids are 0 to {@code vocabularySize - 1}
 * @param endOfDocument the id behind each document; null where there is none
 */
public record TokenizerInfo(String name, int vocabularySize, @Nullable Integer endOfDocument) {
  public TokenizerInfo {
    if (vocabularySize < 1) throw new IllegalArgumentException("a vocabulary of " + vocabularySize);
    if (endOfDocument != null && (endOfDocument < 0 || endOfDocument >= vocabularySize))
      throw new IllegalArgumentException(
          "end of document %d outside the vocabulary of %d"
              .formatted(endOfDocument, vocabularySize));
  }
}
