package dev.mixwell.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as it was created, and where it stands.
 *
 * @param spec with all defaults filled in
 * @param tokenizer of the index; a trainer's vocabulary is its {@code vocabularySize}
 * @param newestAttempt null before any
 * @param upTo steps of the newest attempt below it are issued
 */
public record RunAnswer(
    String name,
    RunSpec spec,
    Tokenizer tokenizer,
    List<Group> groups,
    List<Overlap> overlaps,
    @Nullable Integer newestAttempt,
    long upTo,
    boolean finished) {

  public record Tokenizer(String name, int vocabularySize, @Nullable Integer endOfDocument) {}

  /**
   * @param documents that the query matches
   * @param tokens of its training documents
   * @param rows training rows of one epoch
   * @param heldOutRows rows of its held-out documents
   * @param extentsSha256 pins the training tokens
   * @param packing what {@code best-fit} made of its documents; null for {@code concat}
   */
  public record Group(
      String name,
      String query,
      long documents,
      long tokens,
      long rows,
      long heldOutRows,
      String extentsSha256,
      @Nullable Packing packing) {}

  /**
   * @param documents that have tokens
   * @param truncatedDocuments of them, longer than a row and therefore cut
   * @param truncatedByConcat how many of them {@code concat} would have cut
   * @param paddingTokens of one epoch
   */
  public record Packing(
      long documents, long truncatedDocuments, long truncatedByConcat, long paddingTokens) {}

  /** Documents that two groups both match: each group serves them. */
  public record Overlap(String a, String b, long documents) {}
}
