package dev.mixwell.adopt;

import dev.mixwell.sidecar.Sidecar;

/** Hears how an adoption goes, on the adopting thread if nothing else is said. */
public interface AdoptionProgress {
  /** The inputs have so many bytes as they lie there; not all of them need be read. */
  default void begin(long totalBytes) {}

  /** A file begins. */
  default void file(String name) {}

  /** So many more bytes were read; told on any thread. */
  default void read(long bytes) {}

  /** A row of a data set holds no document. */
  default void absent(String dataSet) {}

  /** Something that is no mistake but worth a look. */
  default void warn(String what) {}

  /** How metadata from elsewhere went with the documents. */
  default void joined(Sidecar.Counts counts) {}
}
