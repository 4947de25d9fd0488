package dev.mixwell.http;

import dev.mixwell.service.Runs;
import dev.mixwell.service.ServedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the groups hold. Thread-safe. */
final class CatalogService {
  private final Runs runs;

  CatalogService(Runs runs) {
    this.runs = runs;
  }

  List<Route> routes() {
    return List.of(Route.get("/v1/groups", this::groups));
  }

  /** The groups of every run that is served, with the run's name beside them. */
  private void groups(Exchange exchange) {
    var all = new ArrayList<Map<String, Object>>();
    for (ServedRun served : runs.served())
      all.add(Map.of("run", served.run().name(), "groups", served.describe().groups()));
    exchange.json(200, Map.of("runs", all));
  }
}
