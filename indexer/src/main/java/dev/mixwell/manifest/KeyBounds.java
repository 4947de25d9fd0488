package dev.mixwell.manifest;

import dev.mixwell.metadata.MetadataValue;
import dev.mixwell.metadata.TimeSpan;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The least and the greatest of a key's values while they are counted. Owned by one thread. */
final class KeyBounds {
  private boolean keywords;
  private boolean wholes;
  private boolean decimals;
  private long leastWhole = Long.MAX_VALUE;
  private long greatestWhole = Long.MIN_VALUE;
  private double leastDecimal = Double.POSITIVE_INFINITY;
  private double greatestDecimal = Double.NEGATIVE_INFINITY;
  private @Nullable Time earliest;
  private @Nullable Time latest;

  private record Time(TimeSpan span, String text) {}

  void add(MetadataValue value) {
    switch (value) {
      case MetadataValue.Keyword keyword -> addKeyword(keyword.text());
      case MetadataValue.Whole whole -> {
        wholes = true;
        leastWhole = Math.min(leastWhole, whole.value());
        greatestWhole = Math.max(greatestWhole, whole.value());
      }
      case MetadataValue.Decimal decimal -> {
        decimals = true;
        leastDecimal = Math.min(leastDecimal, decimal.value());
        greatestDecimal = Math.max(greatestDecimal, decimal.value());
      }
    }
  }

  private void addKeyword(String text) {
    keywords = true;
    TimeSpan span = TimeSpan.parse(text);
    if (span == null) return;
    if (earliest == null || span.fromMicros() < earliest.span.fromMicros())
      earliest = new Time(span, text);
    if (latest == null || span.toMicros() > latest.span.toMicros()) latest = new Time(span, text);
  }

  boolean keywords() {
    return keywords;
  }

  boolean wholes() {
    return wholes;
  }

  boolean decimals() {
    return decimals;
  }

  @Nullable ValueBounds numbers() {
    if (!wholes) return decimals ? bounds(leastDecimal, greatestDecimal) : null;
    String least = Long.toString(leastWhole);
    String greatest = Long.toString(greatestWhole);
    if (!decimals) return new ValueBounds(least, greatest);
    if (isLess(new BigDecimal(leastDecimal), leastWhole)) least = Double.toString(leastDecimal);
    if (!isLess(new BigDecimal(greatestDecimal), greatestWhole))
      greatest = Double.toString(greatestDecimal);
    return new ValueBounds(least, greatest);
  }

  @Nullable ValueBounds dates() {
    return earliest == null || latest == null ? null : new ValueBounds(earliest.text, latest.text);
  }

  private static ValueBounds bounds(double least, double greatest) {
    return new ValueBounds(Double.toString(least), Double.toString(greatest));
  }

  private static boolean isLess(BigDecimal decimal, long whole) {
    return decimal.compareTo(BigDecimal.valueOf(whole)) < 0;
  }
}
