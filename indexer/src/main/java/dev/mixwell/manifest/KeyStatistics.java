package dev.mixwell.manifest;

import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A metadata key: the kinds of its values and how much has it. A key may have values of several
 * kinds; a query then looks at all of them.
 *
 * @param keywords whether a value is text
 * @param wholes whether a value is a whole number of 64 bits
 * @param decimals whether a value is another number
 * @param numbers the least and the greatest of them; null without
 * @param dates the earliest and the latest text that is a date or an instant ({@code 2019-05-01},
 *     {@code 2023-04-11T09:57:03Z}); null without
 * @param values in the order of their text; null if there are too many to count, or one is too long
 */
public record KeyStatistics(
    String name,
    boolean keywords,
    boolean wholes,
    boolean decimals,
    @Nullable ValueBounds numbers,
    @Nullable ValueBounds dates,
    long documents,
    long tokens,
    long bytes,
    @Nullable List<ValueStatistics> values) {
  public KeyStatistics {
    if (values != null) values = List.copyOf(values);
  }

  public boolean hasNumbers() {
    return wholes || decimals;
  }

  /** What its values are, for people. */
  public String kinds() {
    var kinds = new StringJoiner(", ");
    if (wholes || decimals) kinds.add("numbers");
    if (dates != null) kinds.add("dates");
    if (keywords) kinds.add("text");
    return kinds.toString();
  }
}
