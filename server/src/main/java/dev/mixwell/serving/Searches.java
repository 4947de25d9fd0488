package dev.mixwell.serving;

import dev.mixwell.api.SearchAnswer;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.catalog.CatalogSearch;
import dev.mixwell.opened.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts what a search found into words. */
final class Searches {
  private Searches() {}

  static SearchAnswer answer(Dataset dataset, String query, CatalogSearch.Bounds bounds) {
    Catalog catalog = dataset.catalog();
    CatalogSearch found = catalog.search(query, bounds);
    var page = new ArrayList<SearchAnswer.Document>();
    for (CatalogSearch.Hit hit : found.page())
      page.add(
          new SearchAnswer.Document(
              hit.id(),
              catalog.manifest().shards().get(hit.shard()).name(),
              hit.ordinal(),
              hit.lengthTokens(),
              metadata(hit)));
    return new SearchAnswer(
        query,
        dataset.sha256(),
        found.documents(),
        found.tokens(),
        found.atLeast(),
        bounds.offset(),
        page);
  }

  private static @Nullable Map<String, List<Object>> metadata(CatalogSearch.Hit hit) {
    return hit.metadata() == null ? null : hit.metadata().plain();
  }
}
