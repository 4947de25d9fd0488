package dev.mixwell.opened;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.shard.Shard;
import dev.mixwell.store.ShardStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The generations of an index that a server holds: the newest, and those that runs are pinned to,
 * opened when they are first asked for and held until the server stops. A shard that several have
 * is opened once. Thread-safe.
 */
public final class Datasets implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Datasets.class.getName());

  private final Path root;
  private final ShardStore store;

  /** All guarded by this. */
  private final Map<ShardEntry, Shard> shards = new LinkedHashMap<>();

  private final Map<String, Dataset> byManifest = new LinkedHashMap<>();
  private int newestNumber;
  private @Nullable Dataset newest;

  private Datasets(Path root, ShardStore store) {
    this.root = root;
    this.store = store;
  }

  /**
   * Opens the newest generation of an index.
   *
   * @param store stays the caller's to close, after this
   * @throws Refusal as {@link Dataset#open}
   */
  public static Datasets open(Path root, ShardStore store) {
    var datasets = new Datasets(root, store);
    Dataset _ = datasets.newest();
    return datasets;
  }

  /**
   * The newest generation at this moment, for new runs.
   *
   * @throws Refusal index-damaged or shard-damaged, naming the file
   */
  public synchronized Dataset newest() {
    Generation generation = Generation.newest(root);
    if (newest != null && generation.number() == newestNumber) return newest;
    Dataset opened = open(generation);
    newest = opened;
    newestNumber = generation.number();
    return opened;
  }

  /**
   * The generation with this manifest.
   *
   * @throws Refusal {@code index-mismatch} if there is none; index-damaged or shard-damaged, naming
   *     the file
   */
  public synchronized Dataset of(String manifestSha256) {
    Dataset held = byManifest.get(manifestSha256);
    if (held != null) return held;
    Generation generation = Generation.of(root, manifestSha256);
    if (generation != null) return open(generation);
    throw new Refusal(
            ProblemType.INDEX_MISMATCH,
            "The run is pinned to the index with manifest digest %s; this server holds %s. Serve it with the index it was created on."
                .formatted(manifestSha256, String.join(", ", byManifest.keySet())))
        .with("expected", manifestSha256)
        .with("found", newest().sha256());
  }

  /** Digests of the manifests of all generations that there are. */
  public Set<String> manifests() {
    var digests = new TreeSet<String>();
    for (Generation generation : Generation.all(root)) digests.add(generation.manifestSha256());
    return digests;
  }

  private Dataset open(Generation generation) {
    Catalog catalog = Catalog.open(generation);
    String sha256 = catalog.manifest().sha256();
    Dataset same = byManifest.get(sha256);
    if (same != null) {
      catalog.close();
      return same;
    }
    var opened = new ArrayList<ShardEntry>();
    try {
      Dataset dataset = Dataset.of(generation, catalog, shards(catalog, opened));
      byManifest.put(sha256, dataset);
      LOG.log(
          Level.INFO,
          "generation {0} of the index {1}: {2} documents, manifest {3}",
          generation.number(),
          root,
          catalog.manifest().documents(),
          sha256);
      return dataset;
    } catch (RuntimeException e) {
      catalog.close();
      for (ShardEntry entry : opened) close(shards.remove(entry));
      throw e;
    }
  }

  private List<Shard> shards(Catalog catalog, List<ShardEntry> opened) {
    var list = new ArrayList<Shard>();
    for (ShardEntry entry : catalog.manifest().shards()) {
      Shard shard = shards.get(entry);
      if (shard == null) {
        shard = store.open(root, entry);
        shards.put(entry, shard);
        opened.add(entry);
      }
      list.add(shard);
    }
    return list;
  }

  private static void close(@Nullable Shard shard) {
    if (shard != null) shard.close();
  }

  @Override
  public synchronized void close() {
    for (Dataset dataset : byManifest.values()) dataset.close();
    for (Shard shard : shards.values()) shard.close();
    byManifest.clear();
    shards.clear();
  }
}
