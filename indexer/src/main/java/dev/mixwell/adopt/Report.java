package dev.mixwell.adopt;

import dev.mixwell.sidecar.Sidecar;

/** Is told what happens, on the adopting thread. */
public interface Report {
  /** The inputs have so many bytes as they lie there; not all of them need be read. */
  default void begin(long totalBytes) {}

  /** A file begins, and the one before is done. */
  default void file(String name, long sizeBytes) {}

  /** So much of the file was read so far. */
  default void read(long fileBytes) {}

  /** A row of a data set holds no document. */
  default void absent(String dataSet) {}

  /** Something that is no mistake but worth a look. */
  default void warn(String what) {}

  /** How metadata from elsewhere went with the documents. */
  default void joined(Sidecar.Counts counts) {}
}
