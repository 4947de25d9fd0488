package dev.mixwell.tokenize;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;

/** One of OpenAI's byte-pair vocabularies, by jtokkit. */
final class BytePairTokenizer implements Tokenizer {
  private final Encoding encoding;
  private final int vocabularySize;
  private final int endOfDocument;

  /**
   * @param vocabularySize one more than the highest id, special tokens included
   * @param endOfDocument the id of {@code <|endoftext|>}
   */
  BytePairTokenizer(EncodingType type, int vocabularySize, int endOfDocument) {
    this.encoding = Encodings.newLazyEncodingRegistry().getEncoding(type);
    this.vocabularySize = vocabularySize;
    this.endOfDocument = endOfDocument;
  }

  @Override
  public String name() {
    return encoding.getName();
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public int endOfDocument() {
    return endOfDocument;
  }

  @Override
  public int[] encode(String text) {
    return encoding.encodeOrdinary(text).toArray();
  }

  @Override
  public String decode(int[] ids) {
    var list = new IntArrayList(ids.length);
    for (int id : ids) list.add(id);
    return encoding.decode(list);
  }
}
