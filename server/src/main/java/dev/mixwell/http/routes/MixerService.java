package dev.mixwell.http.routes;

import dev.mixwell.api.MixerChange;
import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.SkipRequest;
import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.run.Run;
import dev.mixwell.serving.Runs;
import io.helidon.http.HeaderNames;
import java.util.List;

/** What operators change while a run goes on: the mixer, overrides, skips. Thread-safe. */
final class MixerService {
  private final Runs runs;

  MixerService(Runs runs) {
    this.runs = runs;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/runs/{run}/mixer", this::mixer),
        Route.put("/v1/runs/{run}/mixer", this::swap),
        Route.get(
            "/v1/runs/{run}/overrides", exchange -> exchange.json(200, run(exchange).overrides())),
        Route.put("/v1/runs/{run}/overrides", this::override),
        Route.delete("/v1/runs/{run}/overrides", this::clear, "who", "why"),
        Route.post("/v1/runs/{run}/skips", this::skip),
        Route.delete("/v1/runs/{run}/operations/{operation}", this::cancel, "who", "why"));
  }

  private Run run(Exchange exchange) {
    return runs.run(exchange.path("run")).run();
  }

  private void mixer(Exchange exchange) {
    var answer = run(exchange).mixer();
    exchange.set(HeaderNames.ETAG, "\"" + answer.tag() + "\"").json(200, answer);
  }

  private void swap(Exchange exchange) {
    var run = run(exchange);
    var change = exchange.body(MixerChange.class);
    exchange.json(200, run.swap(change, exchange.header(HeaderNames.IF_MATCH)));
  }

  private void override(Exchange exchange) {
    exchange.json(200, run(exchange).override(exchange.body(OverridesChange.class)));
  }

  private void clear(Exchange exchange) {
    exchange.json(
        200, run(exchange).clearOverrides(exchange.queryText("who"), exchange.queryText("why")));
  }

  private void skip(Exchange exchange) {
    exchange.json(200, run(exchange).skip(exchange.body(SkipRequest.class)));
  }

  private void cancel(Exchange exchange) {
    run(exchange)
        .cancel(
            exchange.pathLong("operation"), exchange.queryText("who"), exchange.queryText("why"));
    exchange.empty(204);
  }
}
