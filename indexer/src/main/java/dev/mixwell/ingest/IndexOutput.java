package dev.mixwell.ingest;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.CatalogWriter;
import dev.mixwell.catalog.Manifest;
import dev.mixwell.catalog.ShardEntry;
import dev.mixwell.catalog.TokenizerInfo;
import dev.mixwell.shard.TokenType;
import dev.mixwell.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes all files of an index into a directory, documents in order. Owned by one thread. */
final class IndexOutput implements AutoCloseable {
  /** Lucene numbers documents with 31 bits and keeps some for itself. */
  static final long MAX_DOCUMENTS = Integer.MAX_VALUE - 128;

  private final Path directory;
  private final Tokenizer tokenizer;
  private final long shardTokens;
  private final CatalogWriter catalog;
  private final List<ShardEntry> shards = new ArrayList<>();
  private @Nullable OpenShard open;
  private long documents;
  private long tokens;
  private long textBytes;

  IndexOutput(Path directory, Tokenizer tokenizer, long shardTokens) throws IOException {
    this.directory = directory;
    this.tokenizer = tokenizer;
    this.shardTokens = shardTokens;
    this.catalog = new CatalogWriter(directory);
  }

  long documents() {
    return documents;
  }

  void append(EncodedDocument document) throws IOException {
    if (documents == MAX_DOCUMENTS)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "An index holds at most %,d documents. Split the input over several."
              .formatted(MAX_DOCUMENTS));
    shardFor(document).append(document);
    documents++;
    tokens += document.tokens().length;
    textBytes += document.textBytes();
  }

  /**
   * Completes the index.
   *
   * @throws Refusal bad-input if there was no document
   */
  Manifest finish() throws IOException {
    if (documents == 0)
      throw new Refusal(
          ProblemType.BAD_INPUT, "The input has no documents. Name a file that has some.");
    finishShard();
    var digests = catalog.finish();
    var manifest =
        new Manifest(
            Manifest.VERSION,
            new TokenizerInfo(
                tokenizer.name(), tokenizer.vocabularySize(), tokenizer.endOfDocument()),
            TokenType.forVocabulary(tokenizer.vocabularySize()),
            OpenShard.BLOCK_BYTES,
            shards,
            documents,
            tokens,
            textBytes,
            digests.catalogSha256(),
            digests.keysSha256());
    manifest.write(directory);
    return manifest;
  }

  @Override
  public void close() throws IOException {
    try (catalog) {
      if (open != null) open.close();
    }
  }

  private OpenShard shardFor(EncodedDocument document) throws IOException {
    if (open != null && open.tokenCount() + document.tokens().length > shardTokens) finishShard();
    OpenShard shard = open;
    if (shard == null) {
      shard = new OpenShard(directory, shards.size(), tokenizer.vocabularySize());
      open = shard;
    }
    return shard;
  }

  private void finishShard() throws IOException {
    if (open == null) return;
    shards.add(open.finish(catalog));
    open.close();
    open = null;
  }
}
