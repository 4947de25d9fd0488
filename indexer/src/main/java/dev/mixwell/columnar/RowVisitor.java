package dev.mixwell.columnar;

import dev.mixwell.metadata.Metadata;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes rows in order. */
public interface RowVisitor {
  /** A row of ids. */
  void tokens(int[] tokens, @Nullable String id, Metadata metadata) throws IOException;

  /** A row of ids that lie in the file as they are. */
  void tokensAt(long atByte, long lengthTokens, @Nullable String id, Metadata metadata)
      throws IOException;

  /** A row of text. */
  void text(String text, @Nullable String id, Metadata metadata) throws IOException;

  /** A row without a value in its column. */
  void absent();
}
