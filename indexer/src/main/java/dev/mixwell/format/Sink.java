package dev.mixwell.format;

import dev.mixwell.metadata.Metadata;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a reader finds, in order. Either {@link #file} and then that file's documents by
 * {@link #documentAt}, file after file; or documents that do not lie anywhere as they are served,
 * are written into the index: {@link #origin}, and then {@link #document} or {@link #text}.
 */
public interface Sink {
  /** Begins a file; the one before is complete. */
  void file(TokenFile file) throws IOException;

  /**
   * A document of the file.
   *
   * @param atByte its first token's byte in the file, decompressed
   */
  void documentAt(long atByte, long lengthTokens, @Nullable String id, Metadata metadata)
      throws IOException;

  /** Begins a file whose documents are decoded or tokenized; the one before is complete. */
  void origin(String file) throws IOException;

  /** A decoded document, with the end-of-document id if its data set has one. */
  void document(int[] tokens, @Nullable String id, Metadata metadata) throws IOException;

  /** A document that is still to be tokenized. */
  void text(String text, @Nullable String id, Metadata metadata) throws IOException;

  /** A row without a document. */
  void absent();

  /** Something that is no mistake but worth a look: what, where. */
  void warn(String what);
}
