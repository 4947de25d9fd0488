package dev.mixwell.group;

/**
 * What a group's query selects in the catalog.
 *
 * @param training the tokens that are served, in manifest order
 * @param heldOut the tokens kept for validation; no token is in both
 * @param documents that the query matches
 * @param heldOutDocuments how many of them are held out, wholly or (a shard without boundaries) in
 *     part
 */
public record ResolvedGroup(
    String name,
    String query,
    Extents training,
    Extents heldOut,
    long documents,
    long heldOutDocuments) {
  /** Tokens of all documents that the query matches. */
  public long tokens() {
    return training.tokens() + heldOut.tokens();
  }
}
