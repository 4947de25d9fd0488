package dev.mixwell.catalog;

/**
 * The tokenizer that made an index's tokens.
 *
 * @param vocabularySize ids are 0 to {@code vocabularySize - 1}
 * @param endOfDocument the id behind each document
 */
public record TokenizerInfo(String name, int vocabularySize, int endOfDocument) {
  public TokenizerInfo {
    if (endOfDocument < 0 || endOfDocument >= vocabularySize)
      throw new IllegalArgumentException(
          "end of document %d outside the vocabulary of %d"
              .formatted(endOfDocument, vocabularySize));
  }
}
