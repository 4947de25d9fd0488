package dev.mixwell.format;

import dev.mixwell.shard.TokenType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds documents by the ids at their ends, in a run of tokens that nothing else cuts. Owned by one
 * thread.
 *
 * <p>With an id behind each document, that id is its last token; where there is one in front as
 * well, a document ends only where the two meet (OLMo-core's rule, data/utils.py
 * iter_document_indices), or at the end of the tokens. With one in front alone, that id is a
 * document's first token. With neither, all is one document.
 */
record Boundaries(@Nullable Integer endOfDocument, @Nullable Integer beginOfDocument) {
  /** Takes documents in order. */
  interface Visitor {
    /**
     * @param isClosed whether the document ends as documents do
     */
    void document(long firstToken, long lengthTokens, boolean isClosed) throws IOException;
  }

  /**
   * @param fromByte where the tokens begin
   */
  void scan(Mapping file, TokenType type, long fromByte, long tokens, Visitor visitor)
      throws IOException {
    int width = type.sizeBytes();
    long start = 0;
    for (long i = 0; i < tokens; i++) {
      long id = file.token(type, fromByte + i * width);
      long end = 0;
      if (endOfDocument != null) {
        if (id == endOfDocument && isEnd(file, type, fromByte, tokens, i + 1)) end = i + 1;
      } else if (beginOfDocument != null && id == beginOfDocument) end = i;
      if (end > start) {
        visitor.document(start, end - start, true);
        start = end;
      }
    }
    boolean endsClosed = endOfDocument == null;
    if (start < tokens) visitor.document(start, tokens - start, endsClosed);
  }

  private boolean isEnd(Mapping file, TokenType type, long fromByte, long tokens, long next) {
    return beginOfDocument == null
        || next == tokens
        || file.token(type, fromByte + next * type.sizeBytes()) == beginOfDocument;
  }
}
