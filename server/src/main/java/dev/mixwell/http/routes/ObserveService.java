package dev.mixwell.http.routes;

import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.metrics.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Health, metrics and the contract itself. Thread-safe. */
final class ObserveService {
  private static final String CONTRACT = "/openapi.yaml";

  private enum Phase {
    STARTING,
    SERVING,
    STOPPING
  }

  private final Meters meters;
  private final Supplier<Map<String, String>> standing;
  private final byte[] contract;
  private volatile Phase phase = Phase.STARTING;

  /**
   * @param standing runs that do not go on, and why, by name
   */
  ObserveService(Meters meters, Supplier<Map<String, String>> standing) {
    this.meters = meters;
    this.standing = standing;
    this.contract = contract();
  }

  List<Route> routes() {
    return List.of(
        Route.get("/observe/health/live", exchange -> health(exchange, null)),
        Route.get(
            "/observe/health/ready",
            exchange -> health(exchange, phase == Phase.SERVING ? null : phase)),
        Route.get(
            "/observe/health/started",
            exchange -> health(exchange, phase == Phase.STARTING ? phase : null)),
        Route.get("/observe/metrics", this::metrics),
        Route.get("/openapi", exchange -> exchange.bytes(200, "application/yaml", contract)));
  }

  void started() {
    phase = Phase.SERVING;
  }

  void stopping() {
    phase = Phase.STOPPING;
  }

  /** A run that stands still does not keep the others from being served, and is named. */
  private void health(Exchange exchange, @Nullable Phase reason) {
    var health = new LinkedHashMap<String, Object>();
    health.put("status", reason == null ? "UP" : "DOWN");
    if (reason != null) health.put("reason", reason.name().toLowerCase(Locale.ROOT));
    Map<String, String> runs = standing.get();
    if (!runs.isEmpty()) health.put("standing", runs);
    exchange.json(reason == null ? 200 : 503, health);
  }

  private void metrics(Exchange exchange) {
    byte[] text = meters.scrape().getBytes(StandardCharsets.UTF_8);
    exchange.bytes(200, "text/plain; version=0.0.4; charset=utf-8", text);
  }

  private static byte[] contract() {
    try (var in = ObserveService.class.getResourceAsStream(CONTRACT)) {
      if (in == null) throw new IllegalStateException("openapi.yaml is not on the class path");
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
