package dev.mixwell.group;

/**
 * What a group's query selects in the catalog.
 *
 * @param training the tokens that are served, in manifest order; made from all documents that the
 *     query matches
 * @param heldOut the tokens kept for validation; no token is in both. Made from the documents that
 *     are held out, wholly or (a shard without boundaries) in part
 */
public record ResolvedGroup(String name, String query, Extents training, Extents heldOut) {
  /** Tokens of all documents that the query matches. */
  public long tokens() {
    return training.tokens() + heldOut.tokens();
  }

  /** Documents that the query matches. */
  public long documents() {
    return training.documents();
  }
}
