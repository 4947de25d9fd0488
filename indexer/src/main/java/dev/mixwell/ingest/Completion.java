package dev.mixwell.ingest;

import dev.mixwell.catalog.Metadata;
import java.io.IOException;

/** Adds to documents' metadata on its way into the catalog; used by the writing thread. */
@FunctionalInterface
interface Completion {
  /**
   * @param documentId the given one, or that of the shard and the ordinal
   */
  Metadata complete(String documentId, Metadata own) throws IOException;
}
