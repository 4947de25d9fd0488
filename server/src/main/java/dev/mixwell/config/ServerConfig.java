package dev.mixwell.config;

import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the server runs. Each component is a key of the YAML file, {@code http.maxBodyBytes} say, and
 * of an environment variable, {@code MIXWELL_HTTP_MAX_BODY_BYTES}. {@code
 * docs/server-configuration.md} is made from this class.
 *
 * @param index directory that {@code mixwell index} has written
 * @param data directory of the runs' timelines, owned by one server at a time
 */
public record ServerConfig(
    @Nullable String index,
    @Nullable String data,
    Http http,
    LongPoll longPoll,
    Events events,
    Ahead ahead,
    Shards shards,
    ObjectStore objectStore) {
  public static final ServerConfig DEFAULTS =
      new ServerConfig(
          null,
          null,
          new Http("127.0.0.1", 8080, null, 16 << 20, 4096, 4096, 60_000, 512L << 20, 64),
          new LongPoll(30_000, 300_000),
          new Events(256, 15_000, 1_000, 3_600_000),
          new Ahead(0, 8, 128 << 20),
          new Shards(64L << 30),
          new ObjectStore(null, null));

  /**
   * The HTTP listener.
   *
   * @param host address that is listened on
   * @param port its number; 0 takes a free one
   * @param unixSocket path of a Unix domain socket that is listened on as well
   * @param maxBodyBytes the most bytes of a request's body
   * @param maxConnections connections open at a time; more wait in the listener's backlog
   * @param maxRequests requests answered at a time, long polls included; more are refused with 429
   * @param idleTimeoutMillis time after which a silent connection is closed, between requests and
   *     within one
   * @param maxInFlightBytes bytes of batch bodies made and not yet sent, over all requests
   * @param maxBatches steps that one request for several may ask for
   */
  public record Http(
      String host,
      int port,
      @Nullable String unixSocket,
      int maxBodyBytes,
      int maxConnections,
      int maxRequests,
      int idleTimeoutMillis,
      long maxInFlightBytes,
      int maxBatches) {
    public Http {
      if (host == null || host.isBlank())
        throw new InvalidConfig(
            "`http.host` is empty: name an address, such as 127.0.0.1 or 0.0.0.0.");
      within("http.port", port, 0, 65_535);
      within("http.maxBodyBytes", maxBodyBytes, 1 << 10, 16 << 20);
      within("http.maxConnections", maxConnections, 1, 1 << 20);
      within("http.maxRequests", maxRequests, 1, 1 << 20);
      within("http.idleTimeoutMillis", idleTimeoutMillis, 100, 86_400_000);
      within("http.maxInFlightBytes", maxInFlightBytes, 1 << 20, 1L << 40);
      within("http.maxBatches", maxBatches, 1, 4096);
    }
  }

  /**
   * How long a pull of an undecided step waits.
   *
   * @param defaultMillis when the request does not say how long; at most {@code maxMillis}
   * @param maxMillis the most a request may ask for
   */
  public record LongPoll(int defaultMillis, int maxMillis) {
    public LongPoll {
      within("longPoll.maxMillis", maxMillis, 0, 3_600_000);
      within("longPoll.defaultMillis", defaultMillis, 0, maxMillis);
    }
  }

  /**
   * Streams of events, and previews.
   *
   * @param maxStreams streams and previews at a time, over all runs; more are refused
   * @param heartbeatMillis time after which a silent stream sends a comment
   * @param retryMillis time after which a client that lost its stream is told to come back
   * @param maxMillis time after which a stream ends; its client comes back and misses nothing
   */
  public record Events(int maxStreams, int heartbeatMillis, int retryMillis, int maxMillis) {
    public Events {
      within("events.maxStreams", maxStreams, 0, 1 << 20);
      within("events.heartbeatMillis", heartbeatMillis, 10, 3_600_000);
      within("events.retryMillis", retryMillis, 0, 3_600_000);
      within("events.maxMillis", maxMillis, 0, 86_400_000);
    }
  }

  /**
   * Bodies packed before they are asked for.
   *
   * @param threads readers of shards, for requests too; 0 for one a core
   * @param steps bodies kept ready for each rank, one a step; 0 packs nothing ahead
   * @param maxBytes bytes of all bodies kept ready, and never above a quarter of the heap
   */
  public record Ahead(int threads, int steps, long maxBytes) {
    public Ahead {
      within("ahead.threads", threads, 0, 1_024);
      within("ahead.steps", steps, 0, 1_024);
      within("ahead.maxBytes", maxBytes, 0, 1L << 40);
    }
  }

  /**
   * Shards that are not plain files.
   *
   * @param cacheBytes bytes of the folder, in the data directory, into which they are decompressed
   *     and fetched
   */
  public record Shards(long cacheBytes) {
    public Shards {
      within("shards.cacheBytes", cacheBytes, 1 << 20, 1L << 50);
    }
  }

  /**
   * S3-compatible storage in which shards lie. Credentials come from where every AWS tool finds
   * them.
   *
   * @param endpoint address of a service other than Amazon's, {@code https://minio.example:9000}
   *     say; by default what {@code AWS_ENDPOINT_URL_S3} says, or Amazon's
   * @param region where the service is; by default what {@code AWS_REGION} or the profile says
   */
  public record ObjectStore(@Nullable String endpoint, @Nullable String region) {}

  public ServerConfig {
    if (Stream.of(http, longPoll, events, ahead, shards, objectStore).anyMatch(Objects::isNull))
      throw new InvalidConfig("A section is null: leave it out to keep its defaults.");
  }

  /** The index's directory, which has no default. */
  public Path requiredIndex() {
    return required("index", index);
  }

  /** The data directory, which has no default. */
  public Path requiredData() {
    return required("data", data);
  }

  private static Path required(String key, @Nullable String directory) {
    if (directory == null || directory.isEmpty())
      throw new InvalidConfig(
          "`"
              + key
              + "` is not set: give --"
              + key
              + " DIR, or `"
              + key
              + ": DIR` in the configuration file.");
    return Path.of(directory);
  }

  private static void within(String key, long value, long min, long max) {
    if (value < min || value > max)
      throw new InvalidConfig("`" + key + "` is " + value + "; use " + min + " to " + max + ".");
  }
}
