package dev.mixwell.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP response, read to its end. The body belongs to who asked: a batch is read where it lies,
 * without a copy.
 *
 * @param headers by name in lower case; repeated ones are joined with commas
 */
@SuppressWarnings("ArrayRecordComponent") // a batch is too large to copy; nobody compares it
public record Response(int status, Map<String, String> headers, byte[] body) {
  /** A header by its name in lower case. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
