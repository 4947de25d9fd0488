package dev.mixwell.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query matches in the newest generation of the index.
 *
 * @param manifest the digest of that generation's manifest
 * @param documents counted
 * @param tokens of the documents that were counted
 * @param atLeast whether counting took too long and ended early: there may be more
 * @param page in the index's order
 */
public record SearchAnswer(
    String query,
    String manifest,
    long documents,
    long tokens,
    boolean atLeast,
    long offset,
    List<Document> page) {
  public SearchAnswer {
    page = List.copyOf(page);
  }

  /**
   * A document.
   *
   * @param shard the name of its shard
   * @param ordinal in the shard
   * @param metadata values by key, text or numbers; left out where it is too long to be shown
   */
  public record Document(
      String id,
      String shard,
      long ordinal,
      long lengthTokens,
      @Nullable Map<String, List<Object>> metadata) {}
}
