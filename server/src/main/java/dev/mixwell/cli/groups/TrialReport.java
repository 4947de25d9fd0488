package dev.mixwell.cli.groups;

import dev.mixwell.group.GroupOverlap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What queries give.
 *
 * @param manifest the digest of the index's manifest
 * @param documents of the index
 * @param tokens of the index
 * @param rowTokens inputs of a row (T)
 * @param budgetTokens that a run would serve; null if nobody said
 * @param overlaps all pairs that share documents
 */
record TrialReport(
    String manifest,
    long documents,
    long tokens,
    int rowTokens,
    @Nullable Long budgetTokens,
    List<Group> groups,
    List<GroupOverlap> overlaps) {
  TrialReport {
    groups = List.copyOf(groups);
    overlaps = List.copyOf(overlaps);
  }

  /**
   * One query.
   *
   * @param understood the query with all its brackets
   * @param rows of one epoch, nothing held out
   * @param epochs how often its rows would be used up if the whole budget were served from it
   */
  record Group(
      String name,
      String query,
      String understood,
      long documents,
      long tokens,
      long rows,
      @Nullable Double epochs,
      List<Sampled> sample) {
    Group {
      sample = List.copyOf(sample);
    }
  }

  /**
   * One document.
   *
   * @param metadata values by key
   * @param text its beginning; null where the index's tokenizer is not known here
   * @param ids its first ids, where there is no text
   */
  record Sampled(
      String id,
      String shard,
      long ordinal,
      long lengthTokens,
      Map<String, List<Object>> metadata,
      @Nullable String text,
      @Nullable List<Integer> ids) {}
}
