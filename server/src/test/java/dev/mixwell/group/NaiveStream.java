package dev.mixwell.group;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.opened.TestIndex;
import java.util.ArrayList;
import java.util.List;

/**
 * What a group's stream must be, token by token, built the slow and obvious way from the documents
 * of a test.
 */
public final class NaiveStream {
  /**
   * @param begins whether the token is the first of its document
   */
  public record Token(int value, String document, int offset, boolean begins) {}

  private NaiveStream() {}

  /** The training (or held-out) tokens of all documents with a tag. */
  public static List<Token> of(TestIndex index, String tag, double share, boolean heldOut) {
    var stream = new ArrayList<Token>();
    for (var shard : index.shards())
      for (var d : shard) {
        if (!d.tags().contains(tag) || isHeldOut(d.id(), share) != heldOut) continue;
        for (int i = 0; i < d.tokens().length; i++)
          stream.add(new Token(d.tokens()[i], d.id(), i, i == 0));
      }
    return stream;
  }

  static boolean isHeldOut(String id, double share) {
    double hash = (Catalog.idHash(id) >>> 11) * 0x1p-53;
    return hash < share;
  }
}
