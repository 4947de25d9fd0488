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
public record Boundaries(@Nullable Integer endOfDocument, @Nullable Integer beginOfDocument) {
  private static final int PART_TOKENS = 1 << 12;

  /** Takes documents in order. */
  public interface Visitor {
    /**
     * @param isClosed whether the document ends as documents do
     */
    void document(long firstToken, long lengthTokens, boolean isClosed) throws IOException;
  }

  /**
   * @param fromByte where the tokens begin
   */
  public void scan(Mapping file, TokenType type, long fromByte, long tokens, Visitor visitor)
      throws IOException {
    Integer mark = endOfDocument == null ? beginOfDocument : endOfDocument;
    long start = 0;
    long[] ids = new long[PART_TOKENS];
    for (long done = 0; mark != null && done < tokens; done += PART_TOKENS) {
      int part = (int) Math.min(PART_TOKENS, tokens - done);
      file.tokens(type, fromByte + done * type.sizeBytes(), ids, part);
      for (int i = 0; i < part; i++) {
        if (ids[i] != mark) continue;
        long end = done + i;
        if (endOfDocument != null) {
          end++;
          if (!isEnd(file, type, fromByte, tokens, end)) continue;
        }
        if (end == start) continue;
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
