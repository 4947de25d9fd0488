package dev.mixwell.catalog;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.metadata.Metadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a catalog and its manifest anew, with a change to each entry. Owned by one thread. */
public final class CatalogRewrite {
  private static final int LEFT_OUT = -1;

  /** What becomes of an index. */
  public interface Change {
    /** Whether a shard stays. */
    boolean keeps(ShardEntry shard);

    /**
     * What a document's metadata becomes.
     *
     * @param documentId the given one or the one that {@link Catalog#documentId} makes
     */
    Metadata metadata(ShardEntry shard, String documentId, Metadata before);
  }

  private final List<ShardEntry> shards;
  private final Change change;
  private final CatalogWriter writer;
  private final List<ShardEntry> kept = new ArrayList<>();
  private final int[] numbers; // of the shards that stay
  private long documents;
  private long tokens;
  private long textBytes;

  private CatalogRewrite(List<ShardEntry> shards, Change change, CatalogWriter writer) {
    this.shards = shards;
    this.change = change;
    this.writer = writer;
    this.numbers = new int[shards.size()];
    for (int i = 0; i < numbers.length; i++) {
      boolean stays = change.keeps(shards.get(i));
      numbers[i] = stays ? kept.size() : LEFT_OUT;
      if (stays) kept.add(shards.get(i));
    }
  }

  /**
   * Writes all files of a generation without shards of its own.
   *
   * @throws Refusal bad-input if no document is left, or if the base holds texts; index-damaged
   */
  public static Manifest write(Catalog base, Change change, Path folder) throws IOException {
    if (base.hasFullText())
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "The index has a full-text catalog, which is made while texts are read: shards can be added, not removed or tagged. Index the source again.");
    try (var writer = new CatalogWriter(folder)) {
      var rewrite = new CatalogRewrite(base.manifest().shards(), change, writer);
      base.entries(rewrite::add);
      return rewrite.finish(base.manifest(), folder);
    }
  }

  private void add(CatalogEntry entry) throws IOException {
    int number = numbers[entry.shard()];
    if (number == LEFT_OUT) return;
    ShardEntry shard = shards.get(entry.shard());
    String sha256 = shard.file().sha256();
    String documentId = Catalog.documentId(entry.id(), sha256, entry.ordinal());
    var changed =
        new CatalogEntry(
            number,
            entry.ordinal(),
            entry.startToken(),
            entry.lengthTokens(),
            entry.textBytes(),
            entry.id(),
            change.metadata(shard, documentId, entry.metadata()));
    writer.add(changed, sha256);
    documents++;
    tokens += entry.lengthTokens();
    textBytes += entry.textBytes();
  }

  private Manifest finish(Manifest before, Path folder) throws IOException {
    if (documents == 0)
      throw new Refusal(
          ProblemType.BAD_INPUT, "No document would be left. Keep a shard that has some.");
    var digests = writer.finish();
    var manifest =
        new Manifest(
            Manifest.VERSION,
            before.tokenizer(),
            before.type(),
            before.blockBytes(),
            kept,
            documents,
            tokens,
            textBytes,
            digests.catalogSha256(),
            digests.keysSha256());
    manifest.write(folder);
    return manifest;
  }
}
