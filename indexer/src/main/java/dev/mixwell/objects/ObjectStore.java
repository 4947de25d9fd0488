package dev.mixwell.objects;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * S3-compatible storage, read only. Thread-safe. Credentials are found as every AWS tool finds
 * them: the environment, the shared files, the machine's role.
 *
 * <p>Every request is bounded: {@link #ATTEMPTS} tries of {@link #ATTEMPT}, {@link #CALL} together.
 * After one that no answer came to, others fail at once for {@link #PAUSE}, so that an outage costs
 * those who wait one wait and not one each.
 */
public final class ObjectStore implements AutoCloseable {
  /** No read may ask for more. */
  public static final int MAX_READ_BYTES = 8 << 20;

  static final Duration CONNECT = Duration.ofSeconds(2);
  static final Duration ATTEMPT = Duration.ofSeconds(10);
  static final Duration CALL = Duration.ofSeconds(20);
  static final Duration PAUSE = Duration.ofSeconds(1);
  static final int ATTEMPTS = 3;
  private static final int CONNECTIONS = 64;
  private static final int MAX_OBJECTS = 1_000_000;

  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int SERVER_FAILED = 500;
  private static final int TOO_MANY = 429;

  private final S3Client client;
  private final long pauseNanos = PAUSE.toNanos();
  private volatile @Nullable Outage outage;

  private record Outage(long atNanos, String detail) {}

  /**
   * How to reach it.
   *
   * @param endpoint of a service other than Amazon's; its buckets are named in the path
   * @param region null for the one that the environment names
   */
  public record Access(@Nullable String endpoint, @Nullable String region) {
    /** As the environment says ({@code AWS_ENDPOINT_URL_S3}, {@code AWS_REGION}). */
    public static final Access OF_ENVIRONMENT = new Access(null, null);
  }

  /**
   * Some bytes of an object. They are read for who asked, and belong to it.
   *
   * @param objectBytes that the whole object has
   * @param etag of the object as it was then
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one asker, who alone has it
  public record Part(byte[] bytes, long objectBytes, String etag) {}

  /** Sends nothing yet. */
  public ObjectStore(Access access) {
    var builder =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(CONNECTIONS)
                    .connectionTimeout(CONNECT)
                    .socketTimeout(ATTEMPT)
                    .connectionAcquisitionTimeout(ATTEMPT))
            .region(region(access))
            .overrideConfiguration(
                o ->
                    o.apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(CALL)
                        .retryStrategy(
                            StandardRetryStrategy.builder().maxAttempts(ATTEMPTS).build()));
    String endpoint = access.endpoint();
    if (endpoint != null) builder.endpointOverride(uri(endpoint)).forcePathStyle(true);
    client = builder.build();
  }

  private static Region region(Access access) {
    String named = access.region();
    if (named != null) return Region.of(named);
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkException none) {
      return Region.US_EAST_1; // where Amazon's own tools look then
    }
  }

  private static URI uri(String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      if (uri.getScheme() != null && uri.getHost() != null) return uri;
    } catch (IllegalArgumentException e) {
      // refused below
    }
    throw new Refusal(
        ProblemType.BAD_INPUT,
        "The endpoint %s of the object store is no URL: write https://HOST:PORT."
            .formatted(endpoint));
  }

  /**
   * The objects whose names begin with a key, and their lengths in bytes.
   *
   * @throws Refusal bad-input where there is no such bucket; shard-unreachable
   */
  public SortedMap<String, Long> list(ObjectName prefix) {
    var found = new TreeMap<String, Long>();
    try {
      answered(
          prefix,
          () -> {
            var pages =
                client.listObjectsV2Paginator(b -> b.bucket(prefix.bucket()).prefix(prefix.key()));
            for (S3Object object : pages.contents()) {
              found.put(object.key(), object.size());
              if (found.size() > MAX_OBJECTS) throw tooMany(prefix);
            }
            return found;
          });
    } catch (Gone gone) {
      throw new Refusal(
          ProblemType.BAD_INPUT, "%s: there is no such bucket. Check the name.".formatted(prefix));
    }
    return found;
  }

  /**
   * How long an object is.
   *
   * @throws Refusal shard-damaged where there is none; shard-unreachable
   */
  public long sizeBytes(ObjectName object) {
    try {
      return answered(
          object,
          () ->
              client.headObject(b -> b.bucket(object.bucket()).key(object.key())).contentLength());
    } catch (Gone gone) {
      throw missing(object);
    }
  }

  /**
   * Reads bytes of an object.
   *
   * @param length 1 to {@link #MAX_READ_BYTES}; all of them are there, or it is refused
   * @param etag of the object that is meant; null for whatever is there
   * @throws Refusal shard-damaged where there are none, or the object is another one by now;
   *     shard-unreachable
   */
  public Part read(ObjectName object, long fromByte, int length, @Nullable String etag) {
    if (length < 1 || length > MAX_READ_BYTES) throw new IllegalArgumentException("" + length);
    String range = "bytes=%d-%d".formatted(fromByte, fromByte + length - 1);
    ResponseBytes<GetObjectResponse> got;
    try {
      got =
          answered(
              object,
              () ->
                  client.getObject(
                      b -> b.bucket(object.bucket()).key(object.key()).range(range).ifMatch(etag),
                      ResponseTransformer.toBytes()));
    } catch (Gone gone) {
      throw gone.status == NOT_FOUND ? missing(object) : changed(object, gone.status);
    }
    byte[] bytes = got.asByteArrayUnsafe();
    if (bytes.length != length) throw changed(object, RANGE_NOT_SATISFIABLE);
    return new Part(bytes, total(got.response()), String.valueOf(got.response().eTag()));
  }

  /** Of {@code bytes 0-9/100}; an answer without it is the whole object. */
  private static long total(GetObjectResponse response) {
    String range = response.contentRange();
    return range == null
        ? response.contentLength()
        : Long.parseLong(range.substring(range.indexOf('/') + 1));
  }

  /**
   * Copies an object into a file.
   *
   * @param sizeBytes it has
   * @param target replaced if it is there
   * @throws Refusal as {@link #read}; shard-damaged if the object changes meanwhile
   */
  public void download(ObjectName object, long sizeBytes, Path target) throws IOException {
    try (var in = open(object, sizeBytes);
        var out = Files.newOutputStream(target)) {
      in.transferTo(out);
    }
  }

  /**
   * An object as a stream, which asks for a part after the other.
   *
   * @param sizeBytes it has
   * @return throws when it is read what {@link #download} throws
   */
  public InputStream open(ObjectName object, long sizeBytes) {
    return new Parts(object, sizeBytes);
  }

  /** An object that must not change meanwhile. Owned by one thread. */
  private final class Parts extends InputStream {
    private final ObjectName object;
    private final long sizeBytes;
    private byte[] part = {};
    private int at; // in the part
    private long asked; // of the object
    private @Nullable String etag;

    Parts(ObjectName object, long sizeBytes) {
      this.object = object;
      this.sizeBytes = sizeBytes;
    }

    @Override
    public int read() {
      return isAtEnd() ? -1 : Byte.toUnsignedInt(part[at++]);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (length == 0) return 0;
      if (isAtEnd()) return -1;
      int n = Math.min(length, part.length - at);
      System.arraycopy(part, at, target, offset, n);
      at += n;
      return n;
    }

    private boolean isAtEnd() {
      if (at < part.length) return false;
      if (asked == sizeBytes) return true;
      int length = (int) Math.min(MAX_READ_BYTES, sizeBytes - asked);
      Part next = ObjectStore.this.read(object, asked, length, etag);
      if (next.objectBytes != sizeBytes) throw changed(object, PRECONDITION_FAILED);
      etag = next.etag;
      part = next.bytes;
      asked += part.length;
      at = 0;
      return false;
    }
  }

  /** The store has answered, and not with the object. */
  private static final class Gone extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    Gone(int status) {
      super("" + status, null, false, false);
      this.status = status;
    }
  }

  private <T> T answered(ObjectName object, Supplier<T> request) throws Gone {
    Outage known = outage;
    if (known != null && System.nanoTime() - known.atNanos < pauseNanos)
      throw unreachable(object, known.detail);
    try {
      T answer = request.get();
      outage = null;
      return answer;
    } catch (AwsServiceException e) {
      int status = e.statusCode();
      if (status == NOT_FOUND || status == PRECONDITION_FAILED || status == RANGE_NOT_SATISFIABLE)
        throw new Gone(status);
      if (status >= SERVER_FAILED || status == TOO_MANY) begin("it answers " + status);
      throw unreachable(object, "it answers %d (%s)".formatted(status, e.getMessage()));
    } catch (SdkException e) {
      String why = String.valueOf(e.getMessage());
      if (Thread.currentThread().isInterrupted()) throw unreachable(object, "interrupted");
      begin(why);
      throw unreachable(object, why);
    }
  }

  private void begin(String why) {
    outage = new Outage(System.nanoTime(), why);
  }

  private static Refusal unreachable(ObjectName object, String why) {
    return new Refusal(
            ProblemType.SHARD_UNREACHABLE,
            "The object store did not give %s: %s. It is asked again with the next request; check its address, the credentials and the network if this lasts."
                .formatted(object, why))
        .with("shard", object.toString());
  }

  private static Refusal missing(ObjectName object) {
    return damaged(object, "is missing in the object store");
  }

  private static Refusal changed(ObjectName object, int status) {
    return damaged(
        object,
        status == PRECONDITION_FAILED
            ? "was replaced while it was read"
            : "is shorter than what was indexed");
  }

  private static Refusal damaged(ObjectName object, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard %s %s. Restore it, or adopt it again.".formatted(object, what))
        .with("shard", object.toString());
  }

  private static Refusal tooMany(ObjectName prefix) {
    return new Refusal(
        ProblemType.BAD_INPUT,
        "%s holds more than %,d objects. Name a longer prefix.".formatted(prefix, MAX_OBJECTS));
  }

  @Override
  public void close() {
    client.close();
  }
}
