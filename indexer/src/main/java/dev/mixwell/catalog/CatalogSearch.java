package dev.mixwell.catalog;

import dev.mixwell.metadata.Metadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query matches, as far as it was looked at.
 *
 * @param documents counted
 * @param tokens of the documents that were counted
 * @param atLeast whether the time was up before all were counted: there may be more
 * @param page those asked for, in manifest order; fewer where there are no more or the time was up
 */
public record CatalogSearch(long documents, long tokens, boolean atLeast, List<Hit> page) {
  public CatalogSearch {
    page = List.copyOf(page);
  }

  /**
   * A document.
   *
   * @param metadata null if it was too long to be shown with the others
   */
  public record Hit(
      String id, int shard, long ordinal, long lengthTokens, @Nullable Metadata metadata) {}

  /**
   * How much is asked for.
   *
   * @param offset documents passed over
   * @param limit most documents on the page
   * @param metadataBytes most bytes of metadata on the page
   * @param nanos time that counting may take; the first search of a server also compares what it
   *     reads with its checksums
   */
  public record Bounds(long offset, int limit, long metadataBytes, long nanos) {}
}
