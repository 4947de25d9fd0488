package dev.mixwell.opened;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.TokenType;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * An opened generation of an index: its manifest, its catalog, and all its shards. {@link Datasets}
 * opens it, lends it the shards, and holds it until the server stops. Immutable and thread-safe;
 * nothing may read from it once it is closed.
 */
public final class Dataset implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Dataset.class.getName());

  private final Catalog catalog;
  private final String sha256;
  private final List<Shard> shards;
  private final List<Shard> owned;

  private Dataset(Catalog catalog, List<Shard> shards, List<Shard> owned) {
    this.catalog = catalog;
    this.sha256 = catalog.manifest().sha256();
    this.shards = List.copyOf(shards);
    this.owned = List.copyOf(owned);
  }

  /**
   * Opened by its parts: lengths, headers and the files of checksums were compared with the
   * manifest; tokens, document boundaries and the catalog are with their checksums when they are
   * first read. Files newer than the manifest are warned of.
   *
   * @param catalog closed with this
   * @param shards in manifest order; stay the caller's to close
   * @throws Refusal shard-damaged, naming the file
   */
  static Dataset of(Generation generation, Catalog catalog, List<Shard> shards) {
    warnOfChanges(generation, catalog.manifest());
    return new Dataset(catalog, shards, List.of());
  }

  /**
   * Opens the newest generation of an index, for one who needs no other.
   *
   * @param store stays the caller's to close, after this
   * @throws Refusal not-found, index-damaged or shard-damaged, naming the file
   */
  public static Dataset open(Path root, ShardStore store) {
    Generation generation = Generation.newest(root);
    Catalog catalog = Catalog.open(generation);
    var shards = new ArrayList<Shard>();
    try {
      for (ShardEntry entry : catalog.manifest().shards()) shards.add(store.open(root, entry));
      warnOfChanges(generation, catalog.manifest());
      return new Dataset(catalog, shards, shards);
    } catch (RuntimeException e) {
      catalog.close();
      for (Shard s : shards) s.close();
      throw e;
    }
  }

  /** The manifest is written last, and most ways of copying keep times. */
  private static void warnOfChanges(Generation generation, Manifest manifest) {
    Path indexDir = generation.root();
    Path file = generation.folder().resolve(Manifest.FILE);
    try {
      FileTime made = Files.getLastModifiedTime(file);
      for (ShardEntry entry : manifest.shards())
        for (Path part : entry.files(indexDir))
          if (Files.getLastModifiedTime(part).compareTo(made) > 0) {
            LOG.log(
                Level.WARNING,
                "{0} is newer than the index''s manifest: changed, or copied without its time. What is read of it is checked; `mixwell index verify {1}` checks all.",
                part,
                indexDir);
            return;
          }
    } catch (IOException e) {
      throw damaged(file, "cannot be read (" + IoReason.of(e) + ")");
    }
  }

  private static Refusal damaged(Path file, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard file %s %s. Restore it, or index its source again.".formatted(file, what))
        .with("shard", file.toString());
  }

  public Manifest manifest() {
    return catalog.manifest();
  }

  /** The manifest's digest: two data sets with the same one hold the same tokens. */
  public String sha256() {
    return sha256;
  }

  public Catalog catalog() {
    return catalog;
  }

  /** Whether some shards lie behind a network. */
  public boolean isFetched() {
    return manifest().shards().stream().anyMatch(entry -> entry.file().inObjectStore());
  }

  /** In manifest order. */
  public List<Shard> shards() {
    return shards;
  }

  /** The narrowest type that holds the vocabulary: the one that batches have. */
  public TokenType type() {
    return manifest().type();
  }

  @Override
  public void close() {
    catalog.close();
    for (Shard s : owned) s.close();
  }
}
