package dev.mixwell.opened;

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
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A small index of documents that a test made up, written like any other. */
public final class TestIndex {
  public static final int BLOCK_BYTES = 256;

  /**
   * @param tags what queries find it by: {@code tag:a}
   */
  public record Document(int[] tokens, String id, List<String> tags) {}

  private final Path dir;
  private final List<List<Document>> shards;
  private final int[] vocabularySizes;

  /**
   * @param vocabularySizes decide each shard's token type; the last one goes for all shards after
   *     it
   */
  public TestIndex(Path dir, List<List<Document>> shards, int... vocabularySizes) {
    this.dir = dir;
    this.shards = shards;
    this.vocabularySizes = vocabularySizes;
  }

  public List<List<Document>> shards() {
    return shards;
  }

  private int vocabularySize(int shard) {
    return vocabularySizes[Math.min(shard, vocabularySizes.length - 1)];
  }

  /** Documents of 0 to 60 tokens with random ids and one or two of the tags a, b, c. */
  public static List<List<Document>> random(
      SplittableRandom random, int shards, int documents, int vocabularySize) {
    var all = new ArrayList<List<Document>>();
    for (int s = 0; s < shards; s++) {
      var shard = new ArrayList<Document>();
      for (int d = 0; d < documents; d++) {
        int[] tokens = random.ints(random.nextInt(61), 0, vocabularySize).toArray();
        String tag = String.valueOf((char) ('a' + random.nextInt(3)));
        var tags = random.nextInt(4) == 0 ? List.of(tag, "c") : List.of(tag);
        shard.add(new Document(tokens, s + "/" + d, tags));
      }
      all.add(shard);
    }
    return all;
  }

  public Path binOf(int shard) {
    return dir.resolve("shard-%05d.bin".formatted(shard));
  }

  public Dataset open() {
    return Dataset.open(dir, ShardStore.ofPlainFiles());
  }

  public TestIndex write() throws IOException {
    Files.createDirectories(dir);
    var entries = new ArrayList<ShardEntry>();
    long documents = 0;
    long tokens = 0;
    try (var catalog = new CatalogWriter(dir)) {
      for (int s = 0; s < shards.size(); s++) {
        ShardEntry entry = writeShard(s);
        entries.add(entry);
        documents += entry.documents();
        tokens += entry.tokens();
        addDocuments(catalog, s, entry.file().sha256());
      }
      var digests = catalog.finish();
      int vocabularySize = Arrays.stream(vocabularySizes).max().orElseThrow();
      var tokenizer = new TokenizerInfo("made-up", vocabularySize, 0);
      var type = TokenType.forVocabulary(vocabularySize);
      new Manifest(
              Manifest.VERSION,
              tokenizer,
              type,
              BLOCK_BYTES,
              entries,
              documents,
              tokens,
              0,
              digests.catalogSha256(),
              digests.keysSha256())
          .write(dir);
    }
    return this;
  }

  private ShardEntry writeShard(int number) throws IOException {
    Path bin = binOf(number);
    try (var writer = new ShardWriter(bin, vocabularySize(number))) {
      for (Document d : shards.get(number)) writer.append(d.tokens());
      writer.finish();
      return RecordedShard.written(
          bin, writer.type(), writer.tokenCount(), writer.documentCount(), BLOCK_BYTES);
    }
  }

  private void addDocuments(CatalogWriter catalog, int shard, String sha256) throws IOException {
    long start = 0;
    for (int ordinal = 0; ordinal < shards.get(shard).size(); ordinal++) {
      Document d = shards.get(shard).get(ordinal);
      var metadata = new TreeMap<String, List<MetadataValue>>();
      metadata.put("tag", List.copyOf(d.tags().stream().map(MetadataValue.Keyword::new).toList()));
      catalog.add(
          new CatalogEntry(
              shard, ordinal, start, d.tokens().length, 0, d.id(), new Metadata(metadata)),
          sha256);
      start += d.tokens().length;
    }
  }
}
