package dev.mixwell.metadata;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a text in the form of ISO 8601 says: {@code 2019-05-01} is that day, {@code
 * 2023-04-11T09:57:03.044571Z} an instant. Without an offset it is UTC; a blank may stand for the
 * T. Digits below a microsecond are dropped.
 *
 * @param fromMicros the first microsecond since 1970-01-01T00:00Z
 * @param toMicros the last one
 */
public record TimeSpan(long fromMicros, long toMicros) {
  private static final int DATE_CHARS = "2019-05-01".length();
  private static final int MAX_CHARS = "2023-04-11T09:57:03.123456789+01:00:00".length();
  private static final long DAY_MICROS = ChronoUnit.DAYS.getDuration().toNanos() / 1_000;
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("uuuu-MM-dd'T'HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
          .optionalEnd()
          .appendPattern("[XXX][XX][X]")
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  /** Null if the text is no date and no instant. */
  public static @Nullable TimeSpan parse(String text) {
    if (!isLikely(text)) return null;
    try {
      if (text.length() == DATE_CHARS) return day(LocalDate.parse(text));
      long micros = micros(instant(text));
      return new TimeSpan(micros, micros);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Far cheaper than an exception for each value that is no date. */
  private static boolean isLikely(String text) {
    return text.length() >= DATE_CHARS
        && text.length() <= MAX_CHARS
        && text.charAt(4) == '-'
        && text.charAt(7) == '-'
        && Character.isDigit(text.charAt(0));
  }

  private static TimeSpan day(LocalDate date) {
    long from = date.toEpochDay() * DAY_MICROS;
    return new TimeSpan(from, from + DAY_MICROS - 1);
  }

  private static Instant instant(String text) {
    char mark = text.charAt(DATE_CHARS);
    String iso = mark == ' ' ? text.substring(0, DATE_CHARS) + 'T' + text.substring(11) : text;
    var parsed = TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
    return parsed instanceof OffsetDateTime withOffset
        ? withOffset.toInstant()
        : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
  }
}
