package dev.mixwell.catalog;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Keys;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.metadata.Metadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.ExitableDirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The documents of an index and their metadata, as they were when it was made. Immutable and
 * thread-safe until closed.
 *
 * <p>One Lucene segment, sorted by (shard, ordinal): a document's number in Lucene is the count of
 * documents before it in manifest order. Opening reads a few pages. What queries read is compared
 * with Lucene's checksums before the first query, and what {@link #documentId} and {@link
 * #metadata} read before the first of those: both go once through files whose length goes with the
 * documents.
 */
public final class Catalog implements AutoCloseable {
  private static final String ID_SEPARATOR = ":";

  private final Path directory;
  private final Manifest manifest;
  private final Keys keys;
  private final DirectoryReader reader;
  private final LeafReader segment;
  private final IndexSearcher searcher;
  private final int[] firstDocument; // of each shard; one entry more for the end
  private final FirstUse searched;
  private final FirstUse fetched;

  private Catalog(Path folder, Manifest manifest, DirectoryReader reader) {
    this.directory = folder.resolve(Fields.DIRECTORY);
    this.manifest = manifest;
    this.keys = Keys.read(folder, manifest.keysSha256());
    this.reader = reader;
    CodecReader codec = codec(reader);
    this.segment = codec;
    this.searched = new FirstUse(() -> checkSearched(codec));
    this.fetched = new FirstUse(() -> codec.getFieldsReader().checkIntegrity());
    this.searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    this.firstDocument = firstDocuments(manifest);
  }

  /**
   * Opens the newest generation's.
   *
   * @throws Refusal as {@link #open(Generation)}
   */
  public static Catalog open(Path root) {
    return open(Generation.newest(root));
  }

  /**
   * @throws Refusal not-found where there is no index; index-damaged or shard-damaged, naming the
   *     file
   */
  public static Catalog open(Generation generation) {
    Manifest manifest = Manifest.read(generation);
    Path directory = generation.folder().resolve(Fields.DIRECTORY);
    if (!Files.isDirectory(directory)) throw damaged(directory, "it is missing");
    DirectoryReader reader = null;
    try {
      reader = DirectoryReader.open(FSDirectory.open(directory));
      check(directory, manifest, reader);
      return new Catalog(generation.folder(), manifest, reader);
    } catch (IOException | RuntimeException e) { // Lucene meets damage with many exceptions
      close(reader);
      throw e instanceof Refusal refusal
          ? refusal
          : damaged(directory, String.valueOf(e.getMessage()));
    }
  }

  public Manifest manifest() {
    return manifest;
  }

  public Keys keys() {
    return keys;
  }

  /**
   * Visits the documents that match a query, in manifest order: by shard, then by ordinal.
   *
   * <p>The query has a key before each value: {@code source:github AND quality:[0.7 TO *]}, {@code
   * *:*} for all. Text is matched exactly; quotes enclose a value with blanks or marks; {@code
   * key:*} matches any value.
   *
   * @throws Refusal invalid-query, naming the query and what is wrong; or that nothing matches
   */
  public void select(String query, DocumentVisitor visitor) {
    Query parsed = QueryReader.parse(query, keys);
    var collector = new VisitingCollector(visitor);
    boolean _ = run(query, () -> searcher.search(parsed, collector));
    if (collector.visited() == 0)
      throw QueryReader.refused(query, "it matches no document; loosen it");
  }

  /**
   * Counts the documents that a query matches, perhaps none, and shows a page of them; both as far
   * as the time allows.
   *
   * @throws Refusal invalid-query, naming the query and what is wrong
   */
  public CatalogSearch search(String query, CatalogSearch.Bounds bounds) {
    Query parsed = QueryReader.parse(query, keys);
    var hits = new ArrayList<CatalogSearch.Hit>();
    try {
      searched.check();
      var collector = new SearchCollector(bounds, new LocationReader(segment));
      // Decides no byte: only a search by hand ends early, never a group's query.
      long begunNanos = System.nanoTime();
      // Decides no byte: as above.
      QueryTimeout isOver = () -> System.nanoTime() - begunNanos > bounds.nanos();
      var bounded = new IndexSearcher(ExitableDirectoryReader.wrap(reader, isOver));
      bounded.setQueryCache(null);
      bounded.setTimeout(isOver);
      boolean isCut = run(query, () -> bounded.search(parsed, collector)) || bounded.timedOut();
      var locations = new LocationReader(segment);
      long room = bounds.metadataBytes();
      for (int document : collector.page()) {
        CatalogContent.Location at = locations.at(document);
        byte[] metadata = metadataBytes(stored(at.shard(), at.ordinal()));
        boolean fits = metadata.length <= room;
        if (fits) room -= metadata.length;
        hits.add(hit(at, fits ? Metadata.fromBytes(metadata) : null));
      }
      return new CatalogSearch(collector.documents(), collector.tokens(), isCut, hits);
    } catch (IOException e) {
      throw damaged(directory, String.valueOf(e.getMessage()));
    }
  }

  private CatalogSearch.Hit hit(CatalogContent.Location at, @Nullable Metadata metadata) {
    return new CatalogSearch.Hit(
        documentId(at.shard(), at.ordinal()),
        at.shard(),
        at.ordinal(),
        at.lengthTokens(),
        metadata);
  }

  private interface Search {
    void run() throws IOException;
  }

  /** Whether time was up. */
  private boolean run(String query, Search search) {
    try {
      searched.check();
      search.run();
      return false;
    } catch (ExitableDirectoryReader.ExitingReaderException e) {
      return true;
    } catch (IndexSearcher.TooManyClauses e) {
      throw QueryReader.tooManyClauses(query);
    } catch (IOException e) {
      throw damaged(directory, String.valueOf(e.getMessage()));
    }
  }

  /** The document's given id, or the one that {@link #documentId(String, String, long)} makes. */
  public String documentId(int shard, long ordinal) {
    String id = stored(shard, ordinal).get(Fields.ID);
    return documentId(id, manifest.shards().get(shard).file().sha256(), ordinal);
  }

  public Metadata metadata(int shard, long ordinal) {
    return Metadata.fromBytes(metadataBytes(stored(shard, ordinal)));
  }

  /** A document's id: the given one, else the digest of its shard and its ordinal there. */
  public static String documentId(@Nullable String given, String shardSha256, long ordinal) {
    return given == null ? shardSha256 + ID_SEPARATOR + ordinal : given;
  }

  /** The first 8 bytes, big-endian, of the SHA-256 of the id in UTF-8. */
  public static long idHash(String id) {
    return ByteBuffer.wrap(Sha256.digest().digest(id.getBytes(StandardCharsets.UTF_8))).getLong();
  }

  /**
   * Reads every document and compares the catalog's digest with the manifest's.
   *
   * @throws Refusal index-damaged
   */
  public void verify() {
    try {
      read((_, _, _, _) -> {});
    } catch (IOException e) {
      throw damaged(directory, String.valueOf(e.getMessage()));
    }
  }

  /** Takes a document's fields as they are stored. */
  private interface StoredVisitor {
    void visit(
        CatalogContent.Location location, @Nullable String id, byte[] metadata, long textBytes)
        throws IOException;
  }

  /** Takes the entries of a catalog. */
  interface EntryVisitor {
    void visit(CatalogEntry entry) throws IOException;
  }

  /**
   * Visits every document in manifest order.
   *
   * @throws Refusal index-damaged, at the latest after the last of them
   */
  void entries(EntryVisitor visitor) throws IOException {
    read(
        (location, id, metadata, textBytes) ->
            visitor.visit(
                new CatalogEntry(
                    location.shard(),
                    location.ordinal(),
                    location.startToken(),
                    location.lengthTokens(),
                    textBytes,
                    id,
                    Metadata.fromBytes(metadata))));
  }

  /** The one segment. */
  CodecReader segment() {
    return codec(reader);
  }

  /** Whether texts can be searched: what is in Lucene's index of them is stored nowhere else. */
  boolean hasFullText() {
    return keys.text() != null;
  }

  /** How large it is on disk. */
  public CatalogSize size() {
    try {
      return CatalogSize.of(directory, segment);
    } catch (IOException e) {
      throw damaged(directory, String.valueOf(e.getMessage()));
    }
  }

  private void read(StoredVisitor visitor) throws IOException {
    var content = new CatalogContent();
    long allTextBytes = 0;
    try {
      segment.checkIntegrity();
      var stored = segment.storedFields();
      var locations = new LocationReader(segment);
      for (int document = 0; document < segment.maxDoc(); document++) {
        Document fields = stored.document(document);
        var location = locations.at(document);
        byte[] metadata = metadataBytes(fields);
        long textBytes = locations.textBytesAt(document);
        content.add(location, fields.get(Fields.ID), metadata);
        allTextBytes += textBytes;
        visitor.visit(location, fields.get(Fields.ID), metadata, textBytes);
      }
    } catch (CorruptIndexException e) {
      throw damaged(directory, String.valueOf(e.getMessage()));
    }
    if (keys.text() != null) content.add(keys.text());
    if (allTextBytes != manifest.textBytes())
      throw damaged(
          directory,
          "its documents have %,d bytes of text, the manifest says %,d"
              .formatted(allTextBytes, manifest.textBytes()));
    if (!content.sha256().equals(manifest.catalogSha256()))
      throw damaged(directory, "what it holds differs from the manifest's digest");
  }

  @Override
  public void close() {
    close(reader);
  }

  private Document stored(int shard, long ordinal) {
    if (ordinal < 0 || ordinal >= manifest.shards().get(shard).documents())
      throw new IndexOutOfBoundsException("document %d of shard %d".formatted(ordinal, shard));
    try {
      fetched.check();
      return segment.storedFields().document(firstDocument[shard] + Math.toIntExact(ordinal));
    } catch (IOException e) {
      throw damaged(directory, String.valueOf(e.getMessage()));
    }
  }

  private byte[] metadataBytes(Document fields) {
    var bytes = fields.getBinaryValue(Fields.METADATA);
    if (bytes == null) throw damaged(directory, "a document has no metadata field");
    return Arrays.copyOfRange(bytes.bytes, bytes.offset, bytes.offset + bytes.length);
  }

  private static void check(Path directory, Manifest manifest, DirectoryReader reader)
      throws IOException {
    if (reader.leaves().size() != 1
        || reader.numDocs() != manifest.documents()
        || reader.maxDoc() != manifest.documents())
      throw damaged(
          directory,
          "it holds %,d documents, the manifest says %,d"
              .formatted(reader.numDocs(), manifest.documents()));
    String sha256 = reader.getIndexCommit().getUserData().get(Fields.CONTENT_SHA256);
    if (!manifest.catalogSha256().equals(sha256))
      throw damaged(directory, "it belongs to another manifest");
    LeafReader segment = reader.leaves().getFirst().reader();
    if (!Fields.MANIFEST_ORDER.equals(segment.getMetaData().sort()))
      throw damaged(directory, "it is not in manifest order");
  }

  private static CodecReader codec(DirectoryReader reader) {
    if (reader.leaves().getFirst().reader() instanceof CodecReader codec) return codec;
    throw new IllegalStateException("a segment on disk is read by its codec");
  }

  private static void checkSearched(CodecReader codec) throws IOException {
    codec.getDocValuesReader().checkIntegrity();
    if (codec.getPostingsReader() != null) codec.getPostingsReader().checkIntegrity();
    if (codec.getPointsReader() != null) codec.getPointsReader().checkIntegrity();
  }

  /** A check that is made once, by whoever comes first, and again if it failed. */
  private static final class FirstUse {
    private interface Check {
      void run() throws IOException;
    }

    private final Check check;
    private volatile boolean isDone;

    FirstUse(Check check) {
      this.check = check;
    }

    void check() throws IOException {
      if (isDone) return;
      synchronized (this) {
        if (isDone) return;
        check.run();
        isDone = true;
      }
    }
  }

  private static int[] firstDocuments(Manifest manifest) {
    var first = new int[manifest.shards().size() + 1];
    for (int i = 0; i < manifest.shards().size(); i++)
      first[i + 1] = Math.toIntExact(first[i] + manifest.shards().get(i).documents());
    return first;
  }

  private static void close(@Nullable DirectoryReader reader) {
    if (reader == null) return;
    try (var directory = reader.directory()) {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Refusal damaged(Path directory, String what) {
    return new Refusal(
            ProblemType.INDEX_DAMAGED,
            "The catalog %s is damaged: %s. Restore it, or index its source again."
                .formatted(directory, what))
        .with("file", directory.toString());
  }
}
