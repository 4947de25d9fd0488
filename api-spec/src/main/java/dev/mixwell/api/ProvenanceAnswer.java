package dev.mixwell.api;

import java.util.List;

/**
 * Where each row of a step comes from, in batch order over all ranks.
 *
 * @param rows one entry a row
 */
public record ProvenanceAnswer(int attempt, long step, List<Row> rows) {
  /**
   * @param epoch how often the group had been used up before this row
   * @param ordinal the row's place in the group's stream
   * @param pieces the row's tokens in order
   */
  public record Row(String group, long epoch, long ordinal, List<Piece> pieces) {}

  /**
   * A run of tokens of one document.
   *
   * @param shard file name in the index
   * @param document its id
   * @param documentOffsetTokens where in the document the piece starts
   * @param shardOffsetTokens where in the shard the piece starts
   */
  public record Piece(
      String shard,
      String document,
      long documentOffsetTokens,
      long shardOffsetTokens,
      int lengthTokens) {}
}
