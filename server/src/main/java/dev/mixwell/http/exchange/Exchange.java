package dev.mixwell.http.exchange;

import dev.mixwell.api.BatchHeaders;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: parameters parsed with refusals that name them, a bounded body,
 * answers as JSON or bytes. Used by the thread of its request only.
 */
public final class Exchange {
  private static final int MAX_TEXT = 1_000;
  private static final int WITH_HEADERS_BYTES = 1_024;

  private final ServerRequest request;
  private final ServerResponse response;
  private final int maxBodyBytes;

  public Exchange(ServerRequest request, ServerResponse response, int maxBodyBytes) {
    this.request = request;
    this.response = response;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Refuses query parameters that the route does not take, and those given twice. */
  public void checkParameters(Route route) {
    for (String name : request.query().names()) {
      if (!route.parameters().contains(name))
        throw malformed(
            name, "is not a query parameter here; there are: " + route.parameters() + ".");
      if (request.query().all(name, List::of).size() > 1)
        throw malformed(name, "is given more than once.");
    }
  }

  /** A part of the path. */
  public String path(String name) {
    return request.path().pathParameters().get(name);
  }

  public int pathInt(String name) {
    return (int) number(name, path(name), 0, Integer.MAX_VALUE);
  }

  public long pathLong(String name) {
    return number(name, path(name), 0, Long.MAX_VALUE);
  }

  public @Nullable String query(String name) {
    return request.query().first(name).orElse(null);
  }

  /** A text that must be there, such as {@code who}. */
  public String queryText(String name) {
    String text = query(name);
    if (text == null || text.isBlank() || text.length() > MAX_TEXT)
      throw malformed(name, "must be given, with 1 to " + MAX_TEXT + " characters.");
    return text;
  }

  public int queryInt(String name, int min, int max) {
    return (int) queryLong(name, min, max);
  }

  public long queryLong(String name, long min, long max) {
    String text = query(name);
    if (text == null) throw malformed(name, "is missing.");
    return number(name, text, min, max);
  }

  public long queryLong(String name, long min, long max, long absent) {
    String text = query(name);
    return text == null ? absent : number(name, text, min, max);
  }

  /** An ISO-8601 duration such as {@code PT30S}, from 0 to {@code max}. */
  public Duration queryDuration(String name, Duration max, Duration absent) {
    String text = query(name);
    if (text == null) return absent;
    try {
      Duration duration = Duration.parse(text);
      if (duration.isNegative() || duration.compareTo(max) > 0)
        throw malformed(name, "is " + duration + "; use PT0S to " + max + ".");
      return duration;
    } catch (DateTimeParseException e) {
      throw malformed(name, "is `" + text + "`; use an ISO-8601 duration such as PT30S.");
    }
  }

  public @Nullable String header(HeaderName name) {
    var headers = request.headers();
    return headers.contains(name) ? String.join(",", headers.get(name).allValues()) : null;
  }

  /** The body as strict JSON. */
  public <T> T body(Class<T> type) {
    if (!request.content().hasEntity())
      throw new Refusal(ProblemType.MALFORMED_REQUEST, "The request has no body; it takes JSON.");
    byte[] bytes = read();
    if (bytes.length > maxBodyBytes)
      throw new Refusal(
              ProblemType.PAYLOAD_TOO_LARGE, "The body is longer than " + maxBodyBytes + " bytes.")
          .with("maxBodyBytes", maxBodyBytes);
    return Json.read(bytes, type);
  }

  /**
   * At most one byte more than is taken. The stream stays open: closing it would read what is left
   * of a hopeless body.
   */
  private byte[] read() {
    try {
      return request.content().inputStream().readNBytes(maxBodyBytes + 1);
    } catch (RequestException | CloseConnectionException known) {
      throw known;
    } catch (IOException
        | RuntimeException
            broken) { // Helidon lets a malformed chunk size surface as what parsing threw
      throw new Refusal(
          ProblemType.MALFORMED_REQUEST,
          "The body ends early or its chunks are malformed: " + broken.getMessage());
    }
  }

  public Exchange set(HeaderName name, String value) {
    response.header(name, value);
    return this;
  }

  public Exchange set(String name, String value) {
    response.header(name, value);
    return this;
  }

  public void json(int status, Object answer) {
    bytes(status, BatchHeaders.JSON, Json.writeBytes(answer));
  }

  public void bytes(int status, String type, byte[] bytes) {
    response.status(status).header(HeaderNames.CONTENT_TYPE, type);
    response.send(bytes);
  }

  /**
   * Sends a part of {@code bytes}, which may be reused once this returns. Helidon copies what it
   * sends together with the headers, and nothing of what follows them: so only a little goes along.
   * (Without TCP_NODELAY the rest would wait for the peer's delayed acknowledgement.)
   */
  public void bytes(String type, byte[] bytes, int offset, int length) throws IOException {
    response.status(200).header(HeaderNames.CONTENT_TYPE, type).contentLength(length);
    int first = Math.min(length, WITH_HEADERS_BYTES);
    OutputStream out = response.outputStream();
    out.write(bytes, offset, first);
    out.write(bytes, offset + first, length - first);
    out.close();
  }

  public void empty(int status) {
    response.status(status).send();
  }

  /** Writes a body of unknown length. */
  public interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Sends a body as it is made. One that fails on the way is cut off without its final chunk, so
   * that no client takes it for whole.
   */
  public void stream(String type, Body body) throws IOException {
    response.status(200).header(HeaderNames.CONTENT_TYPE, type);
    OutputStream out = response.outputStream();
    try {
      body.writeTo(out);
    } catch (CloseConnectionException gone) {
      throw gone;
    } catch (Throwable failure) {
      throw new CloseConnectionException("the body was cut off", failure);
    }
    out.close();
  }

  public static Refusal malformed(String name, String what) {
    return new Refusal(ProblemType.MALFORMED_REQUEST, "`" + name + "` " + what)
        .with("parameter", name);
  }

  /** A whole number without a sign. */
  public static long number(String name, String text, long min, long max) {
    if (!text.isEmpty()
        && text.length() <= 19
        && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        long value = Long.parseLong(text);
        if (value >= min && value <= max) return value;
      } catch (NumberFormatException beyondLong) {
        throw malformed(name, "is " + text + "; use " + min + " to " + max + ".");
      }
    }
    throw malformed(name, "is `" + text + "`; use a whole number from " + min + " to " + max + ".");
  }
}
