package dev.mixwell.store;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.compress.Compression;
import dev.mixwell.manifest.IndexFile;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.manifest.SourceFile;
import dev.mixwell.objects.ObjectName;
import dev.mixwell.objects.ObjectStore;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.DocumentTable;
import dev.mixwell.shard.MappedFile;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.ShardBytes;
import dev.mixwell.shard.ShardChecksums;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens shards. Thread-safe; the shards are to be closed before it. */
public final class ShardStore implements AutoCloseable {
  private final @Nullable LocalCache cache;
  private final ObjectStore.Access access;
  private final ReadAhead readAhead = new ReadAhead();
  private @Nullable ObjectStore objects; // made when a shard needs it; guarded by this

  private ShardStore(@Nullable LocalCache cache, ObjectStore.Access access) {
    this.cache = cache;
    this.access = access;
  }

  /** One for plain files alone. */
  public static ShardStore ofPlainFiles() {
    return new ShardStore(null, ObjectStore.Access.OF_ENVIRONMENT);
  }

  /** One that decompresses into a folder, of which it takes no more than so many bytes. */
  public static ShardStore caching(Path folder, long maxBytes) {
    return caching(folder, maxBytes, ObjectStore.Access.OF_ENVIRONMENT);
  }

  /**
   * One that also fetches what lies in an object store.
   *
   * @param access to it; used once a shard lies there
   */
  public static ShardStore caching(Path folder, long maxBytes, ObjectStore.Access access) {
    return new ShardStore(new LocalCache(folder, maxBytes), access);
  }

  /** Where shards that are no plain files come to lie; null if there is none. */
  public @Nullable LocalCache cache() {
    return cache;
  }

  /**
   * Opens a shard of an index: compares lengths, headers and the file of checksums with the
   * manifest now, everything else with its checksum when it is first read.
   *
   * @throws Refusal shard-damaged, naming the file
   */
  public Shard open(Path indexDir, ShardEntry entry) {
    Path sidecar = entry.checksums().path(indexDir);
    requireDigest(indexDir, entry.checksums());
    SourceFile mask = entry.mask();
    var checksums =
        ShardChecksums.read(
            sidecar,
            entry.file().path(indexDir),
            entry.table().path(indexDir),
            mask == null ? null : mask.path(indexDir));
    return open(indexDir, entry, checksums);
  }

  private Shard open(Path indexDir, ShardEntry entry, ShardChecksums checksums) {
    ShardBytes tokens = open(indexDir, entry.file(), checksums.tokens());
    DocumentTable documents = null;
    ShardBytes mask = null;
    try {
      documents = DocumentTable.open(entry.table().path(indexDir), checksums.documents());
      requireCounts(entry, documents);
      if (entry.mask() != null && checksums.mask() != null)
        mask = open(indexDir, entry.mask(), checksums.mask());
    } catch (RuntimeException e) {
      tokens.close();
      if (documents != null) documents.close();
      throw e;
    }
    return new Shard(entry.name(), entry.type(), tokens, documents, mask);
  }

  private ShardBytes open(Path indexDir, SourceFile file, BlockChecksums checksums) {
    Compression compression = file.compression();
    if (compression == null && !file.inObjectStore())
      return MappedFile.open(file.path(indexDir), checksums);
    LocalCache near = cache;
    if (near == null)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "The shard %s is no plain file here and needs a cache to be read."
              .formatted(file.location()));
    if (compression == null) return new RangedObject(file, checksums, objects(), near, readAhead);
    Stored stored =
        file.inObjectStore()
            ? new Stored.Object(ObjectName.of(file.location()), file, compression, objects())
            : new Stored.Here(file.path(indexDir), file, compression);
    stored.checkLength();
    return new ExpandedFile(stored, file, checksums, near);
  }

  private synchronized ObjectStore objects() {
    if (objects == null) objects = new ObjectStore(access);
    return objects;
  }

  private static void requireCounts(ShardEntry entry, DocumentTable table) {
    if (table.documents() != entry.documents() || table.tokens() != entry.tokens())
      throw damaged(
          Path.of(entry.table().name()),
          "counts %,d documents and %,d tokens where the manifest says %,d and %,d"
              .formatted(table.documents(), table.tokens(), entry.documents(), entry.tokens()));
  }

  private static void requireDigest(Path indexDir, IndexFile file) {
    @Nullable String found;
    try {
      found = Sha256.of(file.path(indexDir));
    } catch (IOException e) {
      throw damaged(file.path(indexDir), "cannot be read (" + IoReason.of(e) + ")");
    }
    if (!found.equals(file.sha256()))
      throw damaged(
          file.path(indexDir),
          "has the SHA-256 %s where the manifest says %s".formatted(found, file.sha256()));
  }

  private static Refusal damaged(Path file, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard file %s %s. Restore it, or index its source again.".formatted(file, what))
        .with("shard", file.toString());
  }

  /** Parts that could not be fetched before they were asked for. */
  public long failedAhead() {
    return readAhead.failed();
  }

  /** Empties the cache; nobody may read meanwhile. */
  public void clear() {
    if (cache != null) cache.clear();
  }

  @Override
  public synchronized void close() {
    readAhead.close();
    if (objects != null) objects.close();
    if (cache != null) cache.close();
  }
}
