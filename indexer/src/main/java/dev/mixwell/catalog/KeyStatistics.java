package dev.mixwell.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A metadata key: the kinds of its values and how much has it. A key may have values of several
 * kinds; a query then looks at all of them.
 *
 * @param keywords whether a value is text
 * @param wholes whether a value is a whole number of 64 bits
 * @param decimals whether a value is another number
 * @param values in the order of their text; null if there are too many to count, or one is too long
 */
public record KeyStatistics(
    String name,
    boolean keywords,
    boolean wholes,
    boolean decimals,
    long documents,
    long tokens,
    long bytes,
    @Nullable List<ValueStatistics> values) {
  public KeyStatistics {
    if (values != null) values = List.copyOf(values);
  }

  boolean numbers() {
    return wholes || decimals;
  }
}
