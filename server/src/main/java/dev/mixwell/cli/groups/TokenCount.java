package dev.mixwell.cli.groups;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads counts of tokens as people write them: {@code 300M}, {@code 1.5B}, {@code 2_000_000}. */
final class TokenCount implements ITypeConverter<Long> {
  private static final Pattern FORM =
      Pattern.compile("(\\d[\\d_]{0,18}(?:\\.\\d{1,12})?)([KMBT]?)");
  private static final String SUFFIXES = "KMBT"; // thousands, each a thousand of the one before
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000_000L);

  @Override
  public Long convert(String text) {
    Matcher form = FORM.matcher(text.toUpperCase(Locale.ROOT));
    if (!form.matches()) throw wrong(text);
    var number = new BigDecimal(form.group(1).replace("_", ""));
    int power = form.group(2).isEmpty() ? 0 : 3 * (1 + SUFFIXES.indexOf(form.group(2)));
    BigDecimal tokens = number.scaleByPowerOfTen(power);
    if (tokens.signum() == 0
        || tokens.compareTo(MOST) > 0
        || tokens.stripTrailingZeros().scale() > 0) throw wrong(text);
    return tokens.longValueExact();
  }

  private static TypeConversionException wrong(String text) {
    return new TypeConversionException(
        "\"" + text + "\" is no count of tokens; write 300M, 1.5B or 2T, up to 1000T");
  }
}
