package dev.mixwell.ingest;

/** Hears how far an ingest is; called by one thread, about once a batch. */
@FunctionalInterface
public interface Progress {
  /**
   * @param documents written so far
   * @param readBytes of the inputs as they lie on disk
   */
  void reached(long documents, long readBytes);
}
