package dev.mixwell.catalog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;

/** Counts matching documents and notes the numbers of one page. Owned by one thread. */
final class SearchCollector extends SimpleCollector {
  private final CatalogSearch.Bounds bounds;
  private final LocationReader locations;
  private final List<Integer> page = new ArrayList<>();
  private long documents;
  private long tokens;

  SearchCollector(CatalogSearch.Bounds bounds, LocationReader locations) {
    this.bounds = bounds;
    this.locations = locations;
  }

  long documents() {
    return documents;
  }

  long tokens() {
    return tokens;
  }

  /** Lucene's numbers, which in the one segment are those of manifest order. */
  List<Integer> page() {
    return page;
  }

  @Override
  public void collect(int document) throws IOException {
    if (documents >= bounds.offset() && page.size() < bounds.limit()) page.add(document);
    documents++;
    tokens += locations.lengthAt(document);
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE_NO_SCORES;
  }
}
