package dev.mixwell.tokenize;

/** Turns text into token ids. Thread-safe; the same text gives the same ids everywhere. */
public interface Tokenizer {
  /** The name by which {@link Tokenizers#named} finds it, or the digest of the file it is. */
  String name();

  /** Ids are 0 to {@code vocabularySize() - 1}; some of them may never occur. */
  int vocabularySize();

  /**
   * The id that stands behind each document; {@link #encode} never gives it.
   *
   * @throws dev.mixwell.base.Refusal bad-input if that is not clear, naming what it may be
   */
  int endOfDocument();

  /**
   * The ids of a text, without the end of document. Names of special tokens are plain text.
   *
   * @throws IllegalArgumentException for a text that it has no ids for, saying why
   */
  int[] encode(String text);

  /**
   * The text that ids stand for; what is no whole character, at the ends of a piece say, is {@code
   * U+FFFD}.
   *
   * @throws IllegalArgumentException for an id that stands for none
   */
  String decode(int[] ids);
}
