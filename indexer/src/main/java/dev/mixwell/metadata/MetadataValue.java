package dev.mixwell.metadata;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A value of a metadata key: what a query compares with. */
public sealed interface MetadataValue {
  /** As people write it. */
  String text();

  /** As JSON has it: a string or a number. */
  default Object plain() {
    return switch (this) {
      case Keyword keyword -> keyword.text();
      case Whole whole -> whole.value();
      case Decimal decimal -> decimal.value();
    };
  }

  /** Text, matched exactly. {@code true} and {@code false} are keywords too. */
  record Keyword(String text) implements MetadataValue {}

  /** A whole number of 64 bits, however it was written ({@code 1.0} is 1). */
  record Whole(long value) implements MetadataValue {
    @Override
    public String text() {
      return Long.toString(value);
    }
  }

  /** Any other number, as the nearest finite double. */
  record Decimal(double value) implements MetadataValue {
    public Decimal {
      if (!Double.isFinite(value)) throw new IllegalArgumentException("not finite: " + value);
    }

    @Override
    public String text() {
      return Double.toString(value);
    }
  }

  /**
   * The number as a whole number where it is one; null for infinite ones and those that are none.
   */
  static @Nullable MetadataValue number(double number) {
    if (!Double.isFinite(number)) return null;
    boolean isWhole = number == Math.rint(number) && number >= -0x1p63 && number < 0x1p63;
    return isWhole ? new Whole((long) number) : new Decimal(number);
  }

  /**
   * The number as a whole number where it is one.
   *
   * @throws IllegalArgumentException for a number beyond all doubles
   */
  static MetadataValue number(BigDecimal number) {
    double nearest = number.doubleValue();
    boolean isWhole =
        number.signum() == 0
            || number.scale() <= 0
            || (number.precision() > number.scale() && number.stripTrailingZeros().scale() <= 0);
    if (!isWhole || Math.abs(nearest) > 0x1p63) return new Decimal(nearest);
    return number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
            && number.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0
        ? new Whole(number.longValueExact())
        : new Decimal(nearest);
  }
}
