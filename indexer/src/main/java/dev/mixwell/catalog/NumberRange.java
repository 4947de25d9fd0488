package dev.mixwell.catalog;

import dev.mixwell.manifest.KeyStatistics;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * A range of numbers in a query. Whole numbers compare exactly; other ones as the doubles nearest
 * to what was written, in the query as in the metadata.
 *
 * @param low null for none
 * @param high null for none
 */
record NumberRange(
    @Nullable BigDecimal low,
    @Nullable BigDecimal high,
    boolean lowIncluded,
    boolean highIncluded) {
  private static final int MAX_SCALE = 400;
  private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  /** The range between two texts; null if one of them is no number. */
  static @Nullable NumberRange parse(
      @Nullable String low, @Nullable String high, boolean lowIncluded, boolean highIncluded) {
    BigDecimal from = number(low);
    BigDecimal to = number(high);
    boolean isNumeric = (from != null || low == null) && (to != null || high == null);
    return isNumeric ? new NumberRange(from, to, lowIncluded, highIncluded) : null;
  }

  Query query(KeyStatistics key) {
    var either = new BooleanQuery.Builder();
    if (key.wholes()) either.add(wholes(Fields.whole(key.name())), Occur.SHOULD);
    if (key.decimals()) either.add(decimals(Fields.decimal(key.name())), Occur.SHOULD);
    return either.build();
  }

  private Query wholes(String field) {
    BigDecimal from = low == null ? MIN_LONG : low.setScale(0, RoundingMode.CEILING);
    BigDecimal to = high == null ? MAX_LONG : high.setScale(0, RoundingMode.FLOOR);
    if (low != null && !lowIncluded && from.compareTo(low) == 0) from = from.add(BigDecimal.ONE);
    if (high != null && !highIncluded && to.compareTo(high) == 0) to = to.subtract(BigDecimal.ONE);
    if (from.compareTo(MAX_LONG) > 0 || to.compareTo(MIN_LONG) < 0)
      return LongPoint.newRangeQuery(field, 1, 0); // empty
    return LongPoint.newRangeQuery(
        field, from.max(MIN_LONG).longValueExact(), to.min(MAX_LONG).longValueExact());
  }

  private Query decimals(String field) {
    double from = low == null ? Double.NEGATIVE_INFINITY : low.doubleValue();
    double to = high == null ? Double.POSITIVE_INFINITY : high.doubleValue();
    return DoublePoint.newRangeQuery(
        field,
        low == null || lowIncluded ? from : DoublePoint.nextUp(from),
        high == null || highIncluded ? to : DoublePoint.nextDown(to));
  }

  private static @Nullable BigDecimal number(@Nullable String text) {
    if (text == null) return null;
    try {
      var number = new BigDecimal(text);
      // Beyond this no double lies, and arithmetic on it would take for ever.
      return Math.abs((long) number.scale()) <= MAX_SCALE ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
