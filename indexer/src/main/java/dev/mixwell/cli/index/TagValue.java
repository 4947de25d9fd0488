package dev.mixwell.cli.index;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.metadata.MetadataValue;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** A metadata value as a command line has it: a JSON number is a number, all else is a keyword. */
final class TagValue {
  private static final int MAX_KEY_CHARS = 256;
  private static final int MAX_NUMBER_CHARS = 64; // as in JSON lines
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private TagValue() {}

  /**
   * @throws Refusal bad-input for a key without a name or too long, or a number beyond all doubles
   */
  static MetadataValue of(String key, String value) {
    if (key.isEmpty() || key.length() > MAX_KEY_CHARS)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "A metadata key has 1 to %d characters; \"%.40s\" has %,d. Say --set KEY=VALUE."
              .formatted(MAX_KEY_CHARS, key, key.length()));
    if (value.length() > MAX_NUMBER_CHARS || !NUMBER.matcher(value).matches())
      return new MetadataValue.Keyword(value);
    try {
      return MetadataValue.number(new BigDecimal(value));
    } catch (IllegalArgumentException e) { // NumberFormatException is one
      throw new Refusal(
          ProblemType.BAD_INPUT, "%s=%s is a number beyond all doubles.".formatted(key, value));
    }
  }
}
