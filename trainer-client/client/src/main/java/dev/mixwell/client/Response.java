package dev.mixwell.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP response, read to its end. Immutable by convention: nobody writes to the body.
 *
 * @param headers by name in lower case; repeated ones are joined with commas
 */
public record Response(int status, Map<String, String> headers, byte[] body) {
  /** A header by its name in lower case. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
