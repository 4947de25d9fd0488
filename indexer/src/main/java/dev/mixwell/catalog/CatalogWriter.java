package dev.mixwell.catalog;

import dev.mixwell.manifest.FullText;
import dev.mixwell.manifest.KeyCounter;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import dev.mixwell.metadata.TimeSpan;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.LongRange;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.NoLockFactory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.ThreadInterruptedException;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code DIR/catalog} and {@code DIR/keys.json}. Owned by one thread; entries come in
 * manifest order. Nothing is valid before {@link #finish}.
 */
public final class CatalogWriter implements AutoCloseable {
  /** The digests that the manifest holds. */
  public record Digests(String catalogSha256, String keysSha256) {}

  private static final FieldType WORDS = words();

  /** For threads that part texts into words, each of which writes a segment of its own. */
  private static final int RAM_MB = 64;

  private final Path indexDir;
  private final Directory directory;
  private final IndexWriter writer;
  private final TextThreads threads;
  private final CatalogContent content = new CatalogContent();
  private final KeyCounter counter = new KeyCounter();
  private final @Nullable FullText text;
  private final EnumSet<TextLanguage> languages = EnumSet.noneOf(TextLanguage.class);

  /** For a catalog whose texts cannot be searched. */
  public CatalogWriter(Path indexDir) throws IOException {
    this(indexDir, null);
  }

  /**
   * @param text how texts are to be searched; null for not at all
   */
  public CatalogWriter(Path indexDir, @Nullable FullText text) throws IOException {
    this.indexDir = indexDir;
    this.text = text;
    // No lock file in the index: the directory is not yet anybody else's.
    this.directory = FSDirectory.open(indexDir.resolve(Fields.DIRECTORY), NoLockFactory.INSTANCE);
    var config = new IndexWriterConfig(TextLanguage.byField()).setCommitOnClose(false);
    config.setCodec(new CatalogCodec()).setUseCompoundFile(text == null);
    config.setRAMBufferSizeMB(RAM_MB);
    config.setIndexSort(Fields.MANIFEST_ORDER).setMergePolicy(new LogDocMergePolicy());
    this.writer = new IndexWriter(directory, config);
    this.threads = new TextThreads(writer);
  }

  /** Whether {@link #add(CatalogEntry, String, String)} makes use of a text. */
  public boolean takesTexts() {
    return text != null;
  }

  /** Adds a document without its text. */
  public void add(CatalogEntry entry, String shardSha256) throws IOException {
    add(entry, shardSha256, null);
  }

  /**
   * @param shardSha256 of the {@code .bin}, for the ids of documents that have none
   * @param words the document's text; null if it is not there
   * @throws dev.mixwell.base.Refusal bad-input if the metadata has too many keys, or one that
   *     queries would take for the text
   */
  public void add(CatalogEntry entry, String shardSha256, @Nullable String words)
      throws IOException {
    if (text != null) FullText.requireNoClash(entry.metadata());
    byte[] metadata = entry.metadata().toBytes();
    CatalogContent.Location location = count(entry, shardSha256, metadata);
    var document = new Document();
    addLocation(document, location);
    if (entry.textBytes() > 0)
      document.add(new NumericDocValuesField(Fields.TEXT_BYTES, entry.textBytes()));
    if (entry.id() != null) document.add(new StoredField(Fields.ID, entry.id()));
    document.add(new StoredField(Fields.METADATA, metadata));
    entry.metadata().values().forEach((key, values) -> addKey(document, key, values));
    if (text != null && words != null) {
      addText(document, entry.metadata(), words, text);
      threads.add(document, words.length());
      return;
    }
    try {
      writer.addDocument(document);
    } catch (ThreadInterruptedException e) {
      throw interrupted();
    }
  }

  /**
   * Adds all that a catalog holds, before anything else. What Lucene has indexed is copied as it
   * is: texts that can be searched are in no other place.
   *
   * @throws dev.mixwell.base.Refusal index-damaged
   */
  public void addAll(Catalog base) throws IOException {
    List<ShardEntry> shards = base.manifest().shards();
    base.entries(
        entry ->
            count(entry, shards.get(entry.shard()).file().sha256(), entry.metadata().toBytes()));
    try {
      writer.addIndexes(base.segment());
    } catch (ThreadInterruptedException e) {
      throw interrupted();
    }
  }

  private CatalogContent.Location count(CatalogEntry entry, String shardSha256, byte[] metadata) {
    counter.add(entry.metadata(), entry.lengthTokens(), entry.textBytes());
    long idHash = Catalog.idHash(Catalog.documentId(entry.id(), shardSha256, entry.ordinal()));
    var location =
        new CatalogContent.Location(
            entry.shard(), entry.ordinal(), entry.startToken(), entry.lengthTokens(), idHash);
    content.add(location, entry.id(), metadata);
    return location;
  }

  /** Merges to one segment, commits and forces; the caller forces the directory. */
  public Digests finish() throws IOException {
    FullText found =
        text == null ? null : text.with(languages.stream().map(TextLanguage::code).toList());
    if (found != null) content.add(found);
    String sha256 = content.sha256();
    threads.drain();
    try {
      writer.forceMerge(1);
      // Decides no byte: one entry has one order.
      writer.setLiveCommitData(Map.of(Fields.CONTENT_SHA256, sha256).entrySet());
      writer.commit();
    } catch (ThreadInterruptedException e) {
      throw interrupted();
    }
    return new Digests(sha256, counter.keys(found).write(indexDir));
  }

  /** What was not finished is gone. */
  @Override
  public void close() throws IOException {
    threads.close();
    try (directory) {
      writer.rollback();
    }
  }

  /** Lucene's exception for it is its own, and clears the thread's mark. */
  private static ClosedByInterruptException interrupted() {
    Thread.currentThread().interrupt();
    return new ClosedByInterruptException();
  }

  private static void addLocation(Document document, CatalogContent.Location location) {
    document.add(new NumericDocValuesField(Fields.SHARD, location.shard()));
    document.add(new NumericDocValuesField(Fields.ORDINAL, location.ordinal()));
    document.add(new NumericDocValuesField(Fields.START, location.startToken()));
    document.add(new NumericDocValuesField(Fields.LENGTH, location.lengthTokens()));
    document.add(new NumericDocValuesField(Fields.ID_HASH, location.idHash()));
  }

  private void addText(Document document, Metadata metadata, String words, FullText how) {
    TextLanguage language = TextLanguage.of(metadata, how.languageKeys());
    languages.add(language);
    document.add(new Field(language.field(), words, WORDS));
  }

  private static FieldType words() {
    var type = new FieldType();
    type.setTokenized(true);
    type.setOmitNorms(true); // nothing is ranked
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS); // positions for phrases
    type.freeze();
    return type;
  }

  private static void addKey(Document document, String key, List<MetadataValue> values) {
    if (!values.isEmpty()) document.add(new StringField(Fields.KEY, key, Store.NO));
    for (MetadataValue value : values)
      switch (value) {
        case MetadataValue.Keyword keyword -> addKeyword(document, key, keyword.text());
        case MetadataValue.Whole whole ->
            document.add(new LongPoint(Fields.whole(key), whole.value()));
        case MetadataValue.Decimal decimal ->
            document.add(new DoublePoint(Fields.decimal(key), decimal.value()));
      }
  }

  private static void addKeyword(Document document, String key, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= Fields.MAX_KEYWORD_BYTES) // a longer one is kept, but not found by a query
    document.add(new StringField(Fields.keyword(key), new BytesRef(utf8), Store.NO));
    TimeSpan time = TimeSpan.parse(text);
    if (time != null)
      document.add(
          new LongRange(
              Fields.time(key), new long[] {time.fromMicros()}, new long[] {time.toMicros()}));
  }
}
