package dev.mixwell.writing;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.catalog.CatalogWriter;
import dev.mixwell.manifest.FullText;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.shard.TokenType;
import dev.mixwell.sidecar.Sidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes all files of an index into a directory, shards and documents in order: documents that are
 * appended go into shards of its own, and shards that lie elsewhere are added between them. Owned
 * by one thread.
 */
public final class IndexOutput implements AutoCloseable {
  /** Bytes of tokens under one checksum. */
  public static final int BLOCK_BYTES = OpenShard.BLOCK_BYTES;

  /** Lucene numbers documents with 31 bits and keeps some for itself. */
  static final long MAX_DOCUMENTS = Integer.MAX_VALUE - 128;

  private final Path directory;
  private final TokenizerInfo tokenizer;
  private final TokenType type;
  private final long shardTokens;
  private final CatalogWriter catalog;
  private final List<ShardEntry> shards = new ArrayList<>();
  private final String prefix; // of names in the manifest
  private @Nullable OpenShard open;
  private @Nullable String origin; // of the documents that are appended
  private @Nullable Sidecar sidecar;
  private int adopted;
  private long documents;
  private long documentsBefore; // those of the generation before
  private long tokens;
  private long textBytes;

  /**
   * @param type of the tokens of batches
   * @param text how texts are to be searched; null for not at all
   */
  public IndexOutput(
      Path directory,
      TokenizerInfo tokenizer,
      TokenType type,
      long shardTokens,
      @Nullable FullText text)
      throws IOException {
    this(directory, tokenizer, type, shardTokens, text, "");
  }

  private IndexOutput(
      Path directory,
      TokenizerInfo tokenizer,
      TokenType type,
      long shardTokens,
      @Nullable FullText text,
      String prefix)
      throws IOException {
    this.directory = directory;
    this.tokenizer = tokenizer;
    this.type = type;
    this.shardTokens = shardTokens;
    this.prefix = prefix;
    this.catalog = new CatalogWriter(directory, text);
  }

  /**
   * Writes a generation that begins with all that the one before it has. Numbers of shards go on,
   * and texts can be searched if they could.
   *
   * @param vocabulary of what is to be added
   * @throws Refusal bad-input if the index has another vocabulary or end of document; index-damaged
   */
  public static IndexOutput onto(
      StagedGeneration staged, TokenizerInfo vocabulary, long shardTokens) throws IOException {
    try (Catalog base = Catalog.open(staged.base())) {
      Manifest before = base.manifest();
      requireSame(staged.base().root(), before.tokenizer(), vocabulary);
      var output =
          new IndexOutput(
              staged.path(),
              before.tokenizer(),
              before.type(),
              shardTokens,
              base.keys().text(),
              staged.next().prefix());
      try {
        output.begin(base);
        return output;
      } catch (IOException | RuntimeException e) {
        output.close();
        throw e;
      }
    }
  }

  private void begin(Catalog base) throws IOException {
    catalog.addAll(base);
    shards.addAll(base.manifest().shards());
    documents = base.manifest().documents();
    tokens = base.manifest().tokens();
    textBytes = base.manifest().textBytes();
    documentsBefore = documents;
  }

  private static void requireSame(Path root, TokenizerInfo before, TokenizerInfo added) {
    if (before.vocabularySize() == added.vocabularySize()
        && Objects.equals(before.endOfDocument(), added.endOfDocument())) return;
    throw new Refusal(
        ProblemType.BAD_INPUT,
        "%s has %s; what is added has %s. One index has one vocabulary: use the tokenizer that made it, or make another index."
            .formatted(root, named(before), named(added)));
  }

  private static String named(TokenizerInfo vocabulary) {
    return "the vocabulary %s of %,d ids with %s"
        .formatted(
            vocabulary.name(),
            vocabulary.vocabularySize(),
            vocabulary.endOfDocument() == null
                ? "no end of document"
                : "the end of document " + vocabulary.endOfDocument());
  }

  public long documents() {
    return documents;
  }

  /** The vocabulary and the end of document that all shards share. */
  public TokenizerInfo tokenizer() {
    return tokenizer;
  }

  /** The metadata of documents that are added from now on is joined with its rows. */
  public void joinWith(@Nullable Sidecar rows) {
    sidecar = rows;
  }

  /** Documents that are appended from now on come from this location, in shards of their own. */
  public void beginOrigin(String location) throws IOException {
    finishShard();
    origin = location;
  }

  public void append(EncodedDocument document) throws IOException {
    requireRoom(1);
    shardFor(document).append(document);
    documents++;
    tokens += document.tokens().length;
    textBytes += document.textBytes();
  }

  /** The path of the files that are made of the next adopted one, without their endings. */
  public Path nextAdopted() {
    return directory.resolve("adopted-%05d".formatted(adopted++));
  }

  /** Adds a shard whose tokens lie where its entry says. */
  public void add(ShardEntry shard, PendingEntries entries) throws IOException {
    finishShard();
    requireRoom(shard.documents());
    entries.drainTo(catalog, shards.size(), shard.file().sha256(), sidecar);
    shards.add(shard.madeBelow(prefix));
    documents += shard.documents();
    tokens += shard.tokens();
  }

  /**
   * Completes the index.
   *
   * @throws Refusal bad-input if there was no document
   */
  public Manifest finish() throws IOException {
    if (documents == documentsBefore)
      throw new Refusal(
          ProblemType.BAD_INPUT, "The input has no documents. Name a file that has some.");
    finishShard();
    var digests = catalog.finish();
    var manifest =
        new Manifest(
            Manifest.VERSION,
            tokenizer,
            type,
            BLOCK_BYTES,
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

  private void requireRoom(long more) {
    if (documents + more > MAX_DOCUMENTS)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "An index holds at most %,d documents. Split the input over several."
              .formatted(MAX_DOCUMENTS));
  }

  private OpenShard shardFor(EncodedDocument document) throws IOException {
    if (open != null && open.tokenCount() + document.tokens().length > shardTokens) finishShard();
    OpenShard shard = open;
    if (shard == null) {
      shard =
          new OpenShard(directory, shards.size(), tokenizer.vocabularySize(), catalog.takesTexts());
      open = shard;
    }
    return shard;
  }

  private void finishShard() throws IOException {
    if (open == null) return;
    ShardEntry written = open.finish(catalog, shards.size(), sidecar).writtenBelow(prefix);
    shards.add(origin == null ? written : written.from(origin));
    open.close();
    open = null;
  }
}
