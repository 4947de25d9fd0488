package dev.mixwell.adopt;

import dev.mixwell.sidecar.Sidecar;

/** Is told what happens, on the adopting thread. */
public interface Report {
  /** A file of tokens begins. */
  void file(String name);

  /** A row of a data set holds no document. */
  void absent(String dataSet);

  /** Something that is no mistake but worth a look. */
  void warn(String what);

  /** How metadata from elsewhere went with the documents. */
  default void joined(Sidecar.Counts counts) {}
}
