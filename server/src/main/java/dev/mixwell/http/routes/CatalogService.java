package dev.mixwell.http.routes;

import dev.mixwell.api.MixtureAnswer;
import dev.mixwell.api.SearchAnswer;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.CatalogSearch;
import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.opened.Dataset;
import dev.mixwell.opened.Datasets;
import dev.mixwell.serving.Runs;
import dev.mixwell.serving.ServedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** What the groups and the index hold. Thread-safe. */
final class CatalogService {
  private static final int MAX_LIMIT = 100;
  private static final int USUAL_LIMIT = 10;
  private static final long MAX_OFFSET = 100_000;
  private static final long MAX_METADATA_BYTES = 1 << 20;

  /** A million documents took 16 to 54 ms once the code was warm, on 2 busy cores. */
  private static final long MAX_SEARCH_NANOS = 5_000_000_000L;

  /** Each keeps a core busy, which the training is to have. */
  private static final int MAX_SEARCHES = 2;

  private final Runs runs;
  private final Datasets datasets;
  private final Semaphore searches = new Semaphore(MAX_SEARCHES);

  CatalogService(Runs runs, Datasets datasets) {
    this.runs = runs;
    this.datasets = datasets;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/groups", this::groups),
        Route.get("/v1/catalog/search", this::search, "q", "limit", "offset"));
  }

  /** The groups of every run that is served, with the run's name beside them. */
  private void groups(Exchange exchange) {
    var all = new ArrayList<Map<String, Object>>();
    for (ServedRun served : runs.served()) {
      List<Double> epochs =
          served.run().mixture().groups().stream().map(MixtureAnswer.Share::epochs).toList();
      all.add(
          Map.of(
              "run", served.run().name(), "groups", served.describe().groups(), "epochs", epochs));
    }
    exchange.json(200, Map.of("runs", all));
  }

  private void search(Exchange exchange) {
    String query = exchange.query("q");
    if (query == null) throw Exchange.malformed("q", "is missing; *:* takes all documents.");
    int limit = (int) exchange.queryLong("limit", 0, MAX_LIMIT, USUAL_LIMIT);
    long offset = exchange.queryLong("offset", 0, MAX_OFFSET, 0);
    var bounds = new CatalogSearch.Bounds(offset, limit, MAX_METADATA_BYTES, MAX_SEARCH_NANOS);
    if (!searches.tryAcquire())
      throw new Refusal(
              ProblemType.TOO_MANY_REQUESTS,
              MAX_SEARCHES + " searches are under way. Try again when one has ended.")
          .with("maxSearches", MAX_SEARCHES);
    try {
      exchange.json(200, answer(query, bounds));
    } finally {
      searches.release();
    }
  }

  /** What the query matches in the newest generation of the index. */
  private SearchAnswer answer(String query, CatalogSearch.Bounds bounds) {
    Dataset newest = datasets.newest();
    CatalogSearch found = newest.catalog().search(query, bounds);
    var shards = newest.manifest().shards();
    var page = new ArrayList<SearchAnswer.Document>();
    for (CatalogSearch.Hit hit : found.page())
      page.add(
          new SearchAnswer.Document(
              hit.id(),
              shards.get(hit.shard()).name(),
              hit.ordinal(),
              hit.lengthTokens(),
              hit.metadata() == null ? null : hit.metadata().plain()));
    return new SearchAnswer(
        query,
        newest.sha256(),
        found.documents(),
        found.tokens(),
        found.atLeast(),
        bounds.offset(),
        page);
  }
}
