package dev.mixwell.bench;

import dev.mixwell.catalog.CatalogEntry;
import dev.mixwell.catalog.CatalogWriter;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.RecordedShard;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import dev.mixwell.shard.ShardWriter;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * An index of short random documents, each in a group drawn independently: the worst case for
 * extents. Shards and catalog are written as `mixwell index` writes them, without a text and its
 * tokenizer. Owned by one thread.
 */
final class ScaleIndex {
  static final int GROUPS = 8;

  private static final int VOCABULARY = 50_000;
  private static final int BLOCK_BYTES = 1 << 16;
  private static final int SHARD_DOCUMENTS = 1_000_000;
  private static final int MAX_TOKENS = 31; // 1 to 31: a mean of 16

  private final Path directory;
  private final long documents;
  private final List<Metadata> metadata = new ArrayList<>();
  private final List<ShardEntry> shards = new ArrayList<>();
  private long tokens;

  ScaleIndex(Path directory, long documents) {
    this.directory = directory;
    this.documents = documents;
    for (int g = 0; g < GROUPS; g++) {
      var keys = new TreeMap<String, List<MetadataValue>>();
      keys.put("group", List.of(new MetadataValue.Keyword("g" + g)));
      metadata.add(new Metadata(keys));
    }
  }

  Manifest write() throws IOException {
    Files.createDirectories(directory);
    CatalogWriter.Digests digests;
    try (var catalog = new CatalogWriter(directory)) {
      while ((long) shards.size() * SHARD_DOCUMENTS < documents) {
        ShardEntry shard = writeShard(shards.size());
        catalogShard(catalog, shards.size(), shard.file().sha256());
        shards.add(shard);
      }
      digests = catalog.finish();
    }
    var manifest =
        new Manifest(
            Manifest.VERSION,
            new TokenizerInfo("none", VOCABULARY, 0),
            TokenType.forVocabulary(VOCABULARY),
            BLOCK_BYTES,
            shards,
            documents,
            tokens,
            0,
            digests.catalogSha256(),
            digests.keysSha256());
    manifest.write(directory);
    return manifest;
  }

  private long documentsOf(int shard) {
    return Math.min(SHARD_DOCUMENTS, documents - (long) shard * SHARD_DOCUMENTS);
  }

  private ShardEntry writeShard(int number) throws IOException {
    Path bin = directory.resolve("shard-%05d.bin".formatted(number));
    var lengths = new SplittableRandom(number);
    var ids = new SplittableRandom(~number);
    try (var writer = new ShardWriter(bin, VOCABULARY)) {
      for (long d = documentsOf(number); d > 0; d--) {
        int[] document = new int[length(lengths)];
        for (int i = 0; i < document.length; i++) document[i] = ids.nextInt(VOCABULARY);
        lengths.nextInt(GROUPS); // the group's draw, which the catalog needs
        writer.append(document);
      }
      writer.finish();
      tokens += writer.tokenCount();
      return RecordedShard.written(
          bin, writer.type(), writer.tokenCount(), writer.documentCount(), BLOCK_BYTES);
    }
  }

  /** Draws the same lengths and groups again. */
  private void catalogShard(CatalogWriter catalog, int number, String sha256) throws IOException {
    var lengths = new SplittableRandom(number);
    long start = 0;
    for (long ordinal = 0; ordinal < documentsOf(number); ordinal++) {
      int length = length(lengths);
      Metadata group = metadata.get(lengths.nextInt(GROUPS));
      catalog.add(new CatalogEntry(number, ordinal, start, length, 0, null, group), sha256);
      start += length;
    }
  }

  private static int length(SplittableRandom lengths) {
    return 1 + lengths.nextInt(MAX_TOKENS);
  }
}
