package dev.mixwell.ingest;

import dev.mixwell.sidecar.Sidecar;

/** Hears how far an ingest is; called by one thread, about once a batch. */
@FunctionalInterface
public interface IngestProgress {
  /**
   * @param documents written so far
   * @param readBytes of the inputs as they lie on disk
   */
  void reached(long documents, long readBytes);

  /** Hears at the end what became of the rows of metadata, if there are any. */
  default void joined(Sidecar.Counts counts) {}
}
