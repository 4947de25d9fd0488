package dev.mixwell.catalog;

import dev.mixwell.metadata.TimeSpan;
import org.apache.lucene.document.LongRange;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * A range of time in a query. A date among its bounds is the whole day: included, all of it;
 * excluded, all of it. A document's date, a day too, is in the range if a part of it is.
 *
 * @param fromMicros as in {@link TimeSpan}
 */
record TimeRange(long fromMicros, long toMicros) {
  /** The range between two texts; null if one of them is no date and no instant. */
  static @Nullable TimeRange parse(
      @Nullable String low, @Nullable String high, boolean lowIncluded, boolean highIncluded) {
    TimeSpan first = low == null ? null : TimeSpan.parse(low);
    TimeSpan last = high == null ? null : TimeSpan.parse(high);
    if ((low != null && first == null) || (high != null && last == null)) return null;
    long from = Long.MIN_VALUE;
    if (first != null) from = lowIncluded ? first.fromMicros() : first.toMicros() + 1;
    long to = Long.MAX_VALUE;
    if (last != null) to = highIncluded ? last.toMicros() : last.fromMicros() - 1;
    return new TimeRange(from, to);
  }

  Query query(String field) {
    if (fromMicros > toMicros) return new MatchNoDocsQuery("an empty range");
    return LongRange.newIntersectsQuery(field, new long[] {fromMicros}, new long[] {toMicros});
  }
}
