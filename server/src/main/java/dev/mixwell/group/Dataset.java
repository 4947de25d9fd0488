package dev.mixwell.group;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.catalog.Manifest;
import dev.mixwell.catalog.Sha256;
import dev.mixwell.catalog.ShardEntry;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.ShardChecksums;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * An opened index: its manifest, its catalog, and all its shards mapped. A server opens it once and
 * holds it until it stops. Immutable and thread-safe; nothing may read from it once it is closed.
 */
public final class Dataset implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Dataset.class.getName());

  private final Catalog catalog;
  private final String sha256;
  private final List<VerifiedShard> shards;
  private final TokenType type;

  private Dataset(Catalog catalog, List<VerifiedShard> shards) {
    this.catalog = catalog;
    this.sha256 = catalog.manifest().sha256();
    this.shards = List.copyOf(shards);
    boolean wide = shards.stream().anyMatch(s -> s.shard().type() == TokenType.INT32);
    this.type = wide ? TokenType.INT32 : TokenType.UINT16;
  }

  /**
   * Opens the index in a directory: the time goes with the shards. Lengths, headers and the files
   * of checksums are compared with the manifest now; tokens, document boundaries and the catalog
   * with their checksums when they are first read. Files newer than the manifest are warned of.
   * Shards of the first indexes, whose boundaries have no checksums, are read to the end of their
   * boundaries.
   *
   * @throws Refusal not-found, index-damaged or shard-damaged, naming the file
   */
  public static Dataset open(Path indexDir) {
    Catalog catalog = Catalog.open(indexDir);
    var shards = new ArrayList<VerifiedShard>();
    try {
      for (ShardEntry entry : catalog.manifest().shards()) shards.add(open(indexDir, entry));
      warnOfChanges(indexDir, catalog.manifest());
      return new Dataset(catalog, shards);
    } catch (RuntimeException e) {
      catalog.close();
      for (VerifiedShard s : shards) s.shard().close();
      throw e;
    }
  }

  private static VerifiedShard open(Path indexDir, ShardEntry entry) {
    Path bin = indexDir.resolve(entry.file());
    Path sidecar = indexDir.resolve(entry.checksumsFile());
    requireDigest(sidecar, entry.checksumsSha256());
    var checksums = ShardChecksums.read(sidecar, bin);
    return new VerifiedShard(entry.file(), open(indexDir, entry, checksums), checksums.tokens());
  }

  private static Shard open(Path indexDir, ShardEntry entry, ShardChecksums checksums) {
    Path bin = indexDir.resolve(entry.file());
    BlockChecksums index = checksums.index();
    if (index != null) return Shard.openIndexed(bin, entry.documents(), entry.tokens(), index);
    requireDigest(indexDir.resolve(entry.indexFile()), entry.indexSha256());
    return Shard.open(bin);
  }

  /** The manifest is written last, and most ways of copying keep times. */
  private static void warnOfChanges(Path indexDir, Manifest manifest) {
    try {
      FileTime made = Files.getLastModifiedTime(indexDir.resolve(Manifest.FILE));
      for (ShardEntry entry : manifest.shards())
        for (String file : List.of(entry.file(), entry.indexFile(), entry.checksumsFile()))
          if (Files.getLastModifiedTime(indexDir.resolve(file)).compareTo(made) > 0) {
            LOG.log(
                Level.WARNING,
                "{0} is newer than the index''s manifest: changed, or copied without its time. What is read of it is checked; `mixwell index verify {1}` checks all.",
                file,
                indexDir);
            return;
          }
    } catch (IOException e) {
      throw damaged(indexDir.resolve(Manifest.FILE), "cannot be read (" + e.getMessage() + ")");
    }
  }

  private static void requireDigest(Path file, String expected) {
    String found;
    try {
      found = Sha256.of(file);
    } catch (IOException e) {
      throw damaged(file, "cannot be read (" + e.getMessage() + ")");
    }
    if (!found.equals(expected))
      throw damaged(
          file, "has the SHA-256 %s where the manifest says %s".formatted(found, expected));
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

  /** In manifest order. */
  public List<VerifiedShard> shards() {
    return shards;
  }

  /** The narrowest type that holds the ids of all shards: the one that batches have. */
  public TokenType type() {
    return type;
  }

  @Override
  public void close() {
    catalog.close();
    for (VerifiedShard s : shards) s.shard().close();
  }
}
