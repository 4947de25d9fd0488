package dev.mixwell.client;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request. The body belongs to it: whoever makes it hands the bytes over, and nobody
 * changes them.
 *
 * @param target path and query, already encoded, starting with {@code /}
 * @param timeout longest silence while the answer is awaited or read
 */
@SuppressWarnings("ArrayRecordComponent") // written to a socket as it is; nobody compares it
public record Request(
    String method,
    String target,
    Map<String, String> headers,
    byte @Nullable [] body,
    Duration timeout) {
  public Request {
    if (!target.startsWith("/") || !isVisible(target))
      throw new IllegalArgumentException("not an encoded target: " + target);
    headers = Map.copyOf(headers);
    headers.values().forEach(Request::checkValue);
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static void checkValue(String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f))
      throw new IllegalArgumentException("not a header's value: " + value);
  }
}
