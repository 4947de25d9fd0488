package dev.mixwell.http.routes;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.metrics.Meters;
import dev.mixwell.run.Run;
import dev.mixwell.serving.Runs;
import java.util.List;

/** Attempts and what belongs to their steps, the batch bodies aside. Thread-safe. */
final class AttemptsService {
  private static final String STEP = "/v1/runs/{run}/attempts/{attempt}/steps/{step}";

  private final Runs runs;
  private final Meters meters;

  AttemptsService(Runs runs, Meters meters) {
    this.runs = runs;
    this.meters = meters;
  }

  List<Route> routes() {
    return List.of(
        Route.post(
            "/v1/runs/{run}/attempts",
            exchange ->
                exchange.json(200, run(exchange).open(exchange.body(AttemptRequest.class)))),
        Route.get(STEP + "/plan", this::plan),
        Route.get(STEP + "/provenance", this::provenance),
        Route.post(STEP + "/feedback", this::post));
  }

  private Run run(Exchange exchange) {
    return runs.run(exchange.path("run")).run();
  }

  private void plan(Exchange exchange) {
    exchange.json(200, run(exchange).plan(exchange.pathInt("attempt"), exchange.pathLong("step")));
  }

  private void provenance(Exchange exchange) {
    var served = runs.run(exchange.path("run"));
    exchange.json(200, served.provenance(exchange.pathInt("attempt"), exchange.pathLong("step")));
  }

  private void post(Exchange exchange) {
    var run = run(exchange);
    var request = exchange.body(FeedbackRequest.class);
    var answer = run.post(exchange.pathInt("attempt"), exchange.pathLong("step"), request);
    meters.of(run.name()).posted();
    exchange.json(200, answer);
  }
}
