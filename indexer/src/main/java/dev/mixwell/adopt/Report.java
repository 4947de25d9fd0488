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

  /** At the end: what became of the rows of metadata, if there are any. */
  default void joined(Sidecar.Counts counts) {}
}
