package dev.mixwell.adopt;

import dev.mixwell.format.DataSet;
import java.io.IOException;
import java.nio.file.Path;

/** A data set that is being adopted. Owned by one thread. */
sealed interface FoundData extends DataSet, AutoCloseable permits FolderDataSet, ObjectDataSet {
  /** Of a file as it lies there. */
  long sizeBytes(String file) throws IOException;

  /** Of a file whose plain bytes were asked for before. */
  Path plainCopy(Path stored);

  /** Deletes what was copied. */
  @Override
  void close() throws IOException;
}
