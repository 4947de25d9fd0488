package dev.mixwell.catalog;

/** Takes the documents that a query selects, without an object for each of them. */
@FunctionalInterface
public interface DocumentVisitor {
  /**
   * @param shard the number of the shard in the manifest
   * @param ordinal the document's in the shard
   * @param startToken its first token in the shard
   * @param idHash {@link Catalog#idHash} of the document's id
   */
  void visit(int shard, long ordinal, long startToken, long lengthTokens, long idHash);
}
