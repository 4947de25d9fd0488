package dev.mixwell.http.routes;

import dev.mixwell.api.BatchHeaders;
import dev.mixwell.config.ServerConfig;
import dev.mixwell.http.exchange.Accept;
import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.metrics.Meters;
import dev.mixwell.pack.BodyFormat;
import dev.mixwell.pack.PackedBatch;
import dev.mixwell.run.IssuedStep;
import dev.mixwell.run.Pulled;
import dev.mixwell.run.Run;
import dev.mixwell.serving.ReadyBody;
import dev.mixwell.serving.Runs;
import dev.mixwell.serving.ServedRun;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Bodies: one batch, several, held-out rows. Waits for undecided steps on the request's own virtual
 * thread. Thread-safe.
 *
 * <p>Several batches are framed: for each step an 8-byte little-endian length and exactly the bytes
 * of its own URL.
 */
final class BatchesService {
  private static final String FRAMED = "application/vnd.mixwell.batches";
  private static final List<String> OFFERED =
      Arrays.stream(BodyFormat.values()).map(BodyFormat::mediaType).toList();
  private static final long HEADER_ALLOWANCE_BYTES = 64 << 10;

  /** One body of held-out rows holds no more, unless the run's validation rows are more. */
  private static final int MAX_HELD_OUT_ROWS = 4_096;

  // Upper bounds: a token with its own share of document boundaries and of the loss mask, in
  // binary or in decimal with its comma.
  private static final int BINARY_TOKEN_BYTES = 9;
  private static final int DECIMAL_TOKEN_BYTES = 24;

  private final ServerConfig config;
  private final Runs runs;
  private final Meters meters;
  private final Admission admission;
  private final ServerTiming timing = new ServerTiming();

  BatchesService(ServerConfig config, Runs runs, Meters meters) {
    this.config = config;
    this.runs = runs;
    this.meters = meters;
    this.admission = new Admission(config.http().maxInFlightBytes());
  }

  List<Route> routes() {
    return List.of(
        Route.get(
            "/v1/runs/{run}/attempts/{attempt}/steps/{step}/batch", this::batch, "rank", "wait"),
        Route.get(
            "/v1/runs/{run}/attempts/{attempt}/batches",
            this::batches,
            "from",
            "count",
            "rank",
            "wait"),
        Route.get("/v1/runs/{run}/validation/{group}", this::validation, "from", "count"));
  }

  private void batch(Exchange exchange) throws IOException {
    long arrivedNanos = System.nanoTime();
    ServedRun run = runs.run(exchange.path("run"));
    BodyFormat format = format(exchange);
    IssuedStep step = issued(exchange, run.run(), exchange.pathLong("step"));
    long planNanos = System.nanoTime() - arrivedNanos;
    Meters.OfRun meter = meters.of(run.run().name());
    var reader = ServerTiming.Reader.of(run.run().name(), step);
    try (var _ = admission.admit(boundBytes(run, step.rows(), format));
        ReadyBody body = run.body(step, format)) {
      exchange
          .set(BatchHeaders.EVALUATE_AFTER, evaluateAfter(run.run(), List.of(step)))
          .set(ServerTiming.HEADER, timing.header(reader, planNanos, body));
      long packedNanos = System.nanoTime();
      send(exchange, body.batch());
      timing.wrote(reader, System.nanoTime() - packedNanos);
      meter.served(body.batch().length());
    }
    meter.pulled(System.nanoTime() - arrivedNanos);
  }

  private void batches(Exchange exchange) throws IOException {
    ServedRun run = runs.run(exchange.path("run"));
    BodyFormat format = format(exchange);
    long from = exchange.queryLong("from", 0, Long.MAX_VALUE - config.http().maxBatches());
    int count = exchange.queryInt("count", 1, config.http().maxBatches());
    IssuedStep first = issued(exchange, run.run(), from);
    List<IssuedStep> steps = run.run().issuedSteps(first, count);
    exchange.set(HeaderNames.CACHE_CONTROL, "no-store");
    exchange.set(BatchHeaders.EVALUATE_AFTER, evaluateAfter(run.run(), steps));
    // Of the one body that is held at a time. The first is made before the answer begins, so that
    // its failure is still a problem.
    try (var _ = admission.admit(boundBytes(run, first.groups().length, format));
        ReadyBody opening = run.body(first, format)) {
      describe(exchange, opening.batch());
      exchange.stream(
          FRAMED + "; of=\"" + format.mediaType() + "\"",
          out -> {
            frame(run, opening, out);
            for (IssuedStep step : steps.subList(1, steps.size()))
              frame(run, run.body(step, format), out);
          });
    }
  }

  private void validation(Exchange exchange) throws IOException {
    ServedRun run = runs.run(exchange.path("run"));
    BodyFormat format = format(exchange);
    int rows = run.spec().validationRows();
    int from = (int) exchange.queryLong("from", 0, Integer.MAX_VALUE, 0);
    int most = Math.max(MAX_HELD_OUT_ROWS, rows);
    int count = (int) exchange.queryLong("count", 1, most, Math.max(1, rows - from));
    try (var _ = admission.admit(boundBytes(run, count, format));
        ReadyBody body = run.validation(exchange.path("group"), from, count, format)) {
      send(exchange, body.batch());
    }
  }

  private IssuedStep issued(Exchange exchange, Run run, long step) {
    int attempt = exchange.pathInt("attempt");
    int rank = exchange.queryInt("rank", 0, Integer.MAX_VALUE);
    var longest = Duration.ofMillis(config.longPoll().maxMillis());
    Duration wait =
        exchange.queryDuration(
            "wait", longest, Duration.ofMillis(config.longPoll().defaultMillis()));
    Pulled pulled = run.pull(attempt, step, rank, wait);
    if (pulled instanceof Pulled.Undecided) meters.of(run.name()).undecided();
    return pulled.orRefuse();
  }

  /** One value a body: it can change until the step after it is issued, so it is asked for now. */
  private static String evaluateAfter(Run run, List<IssuedStep> steps) {
    return steps.stream()
        .map(s -> Boolean.toString(run.isEvaluationDueAfter(s.attempt(), s.step())))
        .collect(Collectors.joining(","));
  }

  private static BodyFormat format(Exchange exchange) {
    exchange.set(HeaderNames.VARY, "Accept");
    return BodyFormat.of(Accept.choose(exchange.header(HeaderNames.ACCEPT), OFFERED));
  }

  private static void send(Exchange exchange, PackedBatch body) throws IOException {
    String tag = "\"" + body.etag() + "\"";
    exchange.set(HeaderNames.ETAG, tag).set(HeaderNames.CACHE_CONTROL, "private, no-cache");
    if (matches(exchange.header(HeaderNames.IF_NONE_MATCH), tag)) {
      exchange.empty(304);
      return;
    }
    describe(exchange, body);
    exchange.bytes(body.format().mediaType(), body.array(), body.offset(), body.length());
  }

  private static boolean matches(@Nullable String ifNoneMatch, String tag) {
    if (ifNoneMatch == null) return false;
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .anyMatch(t -> t.equals("*") || t.equals(tag) || t.equals("W/" + tag));
  }

  /** A body of tokens alone says its shape beside it. */
  private static void describe(Exchange exchange, PackedBatch body) {
    if (body.format() != BodyFormat.OCTET_STREAM) return;
    exchange
        .set(BatchHeaders.SHAPE, body.rows() + "," + body.columns())
        .set(BatchHeaders.DTYPE, body.dtype());
  }

  /** Writes a body and frees it: before the next is made. */
  private void frame(ServedRun run, ReadyBody body, OutputStream out) throws IOException {
    try (body) {
      PackedBatch batch = body.batch();
      var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(batch.length()).array());
      out.write(batch.array(), batch.offset(), batch.length());
      meters.of(run.run().name()).served(batch.length());
    }
  }

  private static long boundBytes(ServedRun run, int rows, BodyFormat format) {
    long tokens = rows * (run.spec().rowTokens() + 1L);
    return HEADER_ALLOWANCE_BYTES
        + tokens * (format == BodyFormat.JSON ? DECIMAL_TOKEN_BYTES : BINARY_TOKEN_BYTES);
  }
}
