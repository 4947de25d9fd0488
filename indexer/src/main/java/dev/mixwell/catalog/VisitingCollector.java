package dev.mixwell.catalog;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.jspecify.annotations.Nullable;

/**
 * Hands matching documents to a visitor. The segment is sorted, and Lucene collects a segment's
 * documents in ascending numbers, so this is manifest order. Owned by one thread.
 */
final class VisitingCollector extends SimpleCollector {
  private final DocumentVisitor visitor;
  private @Nullable LocationReader locations;
  private long visited;

  VisitingCollector(DocumentVisitor visitor) {
    this.visitor = visitor;
  }

  long visited() {
    return visited;
  }

  @Override
  protected void doSetNextReader(LeafReaderContext context) throws IOException {
    locations = new LocationReader(context.reader());
  }

  @Override
  public void collect(int document) throws IOException {
    Objects.requireNonNull(locations).visit(document, visitor);
    visited++;
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE_NO_SCORES;
  }
}
