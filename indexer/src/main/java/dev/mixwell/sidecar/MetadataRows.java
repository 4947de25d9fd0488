package dev.mixwell.sidecar;

import dev.mixwell.metadata.Metadata;
import java.io.IOException;

/** A file of rows, each a document's id and what else is known of it. */
public interface MetadataRows {
  /** Takes rows in the order of the file. */
  interface RowVisitor {
    /**
     * @param number of the row, from 1
     */
    void row(long number, String documentId, Metadata metadata) throws IOException;
  }

  /** How people find a row again, for mistakes in it. */
  String place(long number);

  /**
   * Visits every row.
   *
   * @throws dev.mixwell.base.Refusal bad-input, naming the row and what is wrong with it
   */
  void read(RowVisitor visitor) throws IOException;
}
