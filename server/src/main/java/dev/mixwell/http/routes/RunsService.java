package dev.mixwell.http.routes;

import dev.mixwell.api.RunSpec;
import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.run.Run;
import dev.mixwell.serving.Runs;
import java.util.List;
import java.util.Map;

/** Runs: create, look at, finish; and where their mixtures stand. Thread-safe. */
final class RunsService {
  private final Runs runs;

  RunsService(Runs runs) {
    this.runs = runs;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/runs", exchange -> exchange.json(200, Map.of("runs", runs.names()))),
        Route.put("/v1/runs/{run}", this::create),
        Route.get(
            "/v1/runs/{run}",
            exchange -> exchange.json(200, runs.run(exchange.path("run")).describe())),
        Route.delete("/v1/runs/{run}", this::finish, "who", "why"),
        Route.get(
            "/v1/runs/{run}/mixture", exchange -> exchange.json(200, run(exchange).mixture())),
        Route.get("/v1/runs/{run}/mixture/history", this::history, "from", "to"));
  }

  private Run run(Exchange exchange) {
    return runs.run(exchange.path("run")).run();
  }

  private void create(Exchange exchange) {
    String name = exchange.path("run");
    RunSpec spec = exchange.body(RunSpec.class);
    Runs.Created created = runs.create(name, spec);
    exchange.json(created.isNew() ? 201 : 200, created.run().describe());
  }

  private void finish(Exchange exchange) {
    var served = runs.run(exchange.path("run"));
    served.run().finish(exchange.queryText("who"), exchange.queryText("why"));
    exchange.json(200, served.describe());
  }

  /** Steps from {@code from} (default 0) until before {@code to}. */
  private void history(Exchange exchange) {
    Run run = run(exchange);
    long from = exchange.queryLong("from", 0, Long.MAX_VALUE - Run.MAX_HISTORY, 0);
    long to = exchange.queryLong("to", from, from + Run.MAX_HISTORY, from + Run.MAX_HISTORY);
    exchange.json(200, run.history(from, to));
  }
}
