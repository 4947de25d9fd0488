package dev.mixwell.server;

import dev.mixwell.config.ServerConfig;
import dev.mixwell.http.HttpServer;
import dev.mixwell.http.routes.Routes;
import dev.mixwell.metrics.Meters;
import dev.mixwell.objects.ObjectStore;
import dev.mixwell.opened.Datasets;
import dev.mixwell.serving.DataDirectory;
import dev.mixwell.serving.Packing;
import dev.mixwell.serving.Runs;
import dev.mixwell.store.LocalCache;
import dev.mixwell.store.ShardStore;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A running server: the data directory, the index, the runs and the listener, opened in that order
 * and closed in the reverse one. Thread-safe.
 */
public final class Serving implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final ServerConfig config;
  private final long documents;
  private final HttpServer http;

  private Serving(ServerConfig config) {
    this.config = config;
    Path index = config.requiredIndex();
    Path data = config.requiredData();
    try {
      DataDirectory directory = opened(DataDirectory.open(data));
      long cacheBytes = config.shards().cacheBytes();
      ShardStore store =
          opened(ShardStore.caching(directory.shards(), cacheBytes, access(config.objectStore())));
      Datasets datasets = opened(Datasets.open(index, store));
      documents = datasets.newest().manifest().documents();
      Packing packing = opened(packing(config.ahead()));
      Runs runs = opened(new Runs(directory, datasets, packing, System::currentTimeMillis));
      Meters meters = opened(new Meters());
      meters.add("mixwell.ahead.kept", "Bytes of bodies that lie ready", packing::keptBytes);
      meters.add("mixwell.ahead.ready", "Pulls whose body lay ready", packing::ready);
      meters.add("mixwell.ahead.missed", "Pulls whose body was packed then", packing::missed);
      meters.add(
          "mixwell.ahead.failed",
          "Bodies and rows that could not be read before they were asked for",
          packing::failed);
      meters.add(
          "mixwell.shards.failed",
          "Parts of shards that could not be fetched before they were asked for",
          store::failedAhead);
      watch(meters, store.cache());
      http =
          opened(
              HttpServer.start(config.http(), Routes.of(config, runs, datasets, meters), meters));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Opens everything and answers requests.
   *
   * @throws dev.mixwell.base.Refusal if the index or the data directory cannot be used
   */
  public static Serving start(ServerConfig config) {
    return new Serving(config);
  }

  private static ObjectStore.Access access(ServerConfig.ObjectStore config) {
    return new ObjectStore.Access(config.endpoint(), config.region());
  }

  private static void watch(Meters meters, @Nullable LocalCache cache) {
    if (cache == null) return;
    meters.add("mixwell.shards.cached", "Bytes of shards in the local cache", cache::usedBytes);
    meters.add("mixwell.shards.hits", "Reads of shards that were in the cache", cache::hits);
    meters.add("mixwell.shards.fills", "Shards that were brought into the cache", cache::fills);
    meters.add("mixwell.shards.evictions", "Shards that left it for others", cache::evictions);
  }

  /** No more than a share of the heap is kept ready, whatever the configuration says. */
  private static Packing packing(ServerConfig.Ahead config) {
    int threads =
        config.threads() == 0 ? Runtime.getRuntime().availableProcessors() : config.threads();
    long maxBytes = Math.min(config.maxBytes(), Runtime.getRuntime().maxMemory() / 4);
    return new Packing(threads, config.steps(), maxBytes);
  }

  public int port() {
    return http.port();
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.getLogger(Serving.class.getName())
            .log(System.Logger.Level.WARNING, "a part did not close", e);
      }
    }
  }

  @Override
  public String toString() {
    String socket = config.http().unixSocket();
    return "%s%s (index %s, %,d documents, data %s)"
        .formatted(
            http.url(),
            socket == null ? "" : " and unix:" + Path.of(socket).toAbsolutePath().normalize(),
            config.index(),
            documents,
            config.data());
  }
}
