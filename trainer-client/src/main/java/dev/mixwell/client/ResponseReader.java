package dev.mixwell.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 responses (RFC 9112) off one connection, within limits. A body must say its
 * length, by Content-Length or chunks: one that ends with the connection cannot be told from one
 * that was cut. Owned by the connection's current user.
 */
final class ResponseReader {
  private static final int MAX_CHUNK_LINE_BYTES = 256;
  private static final int MAX_HEX_DIGITS = 7;

  private final InputStream in;
  private final int maxHeadBytes;
  private final int maxBodyBytes;
  private int headBytesLeft;

  ResponseReader(InputStream in, int maxHeadBytes, int maxBodyBytes) {
    this.in = in;
    this.maxHeadBytes = maxHeadBytes;
    this.maxBodyBytes = maxBodyBytes;
  }

  /**
   * The next final response; interim ones (1xx) are passed over.
   *
   * @param bodiless whether the request was one whose answer has no body (HEAD)
   * @throws IOException if it ends early, is malformed or above a limit; the connection is of no
   *     use then
   */
  Response read(boolean bodiless) throws IOException {
    headBytesLeft = maxHeadBytes;
    int status = status(line());
    Map<String, String> headers = headers();
    while (status < 200) {
      status = status(line());
      headers = headers();
    }
    boolean empty = bodiless || status == 204 || status == 304;
    return new Response(status, headers, empty ? new byte[0] : body(headers));
  }

  private static int status(String line) throws IOException {
    boolean known =
        line.length() >= 12
            && line.startsWith("HTTP/1.1 ")
            && line.substring(9, 12).chars().allMatch(Character::isDigit);
    if (!known) throw new IOException("not an HTTP/1.1 status line: " + line);
    return Integer.parseInt(line, 9, 12, 10);
  }

  private Map<String, String> headers() throws IOException {
    var headers = new TreeMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) throw new IOException("not a header: " + line);
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
    }
    return headers;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new EOFException("the connection ended before its response");
      if (--headBytesLeft < 0)
        throw new IOException("the response's head is above the limit of bytes");
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    String coding = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (coding != null && length != null)
      throw new IOException("the response has both Content-Length and Transfer-Encoding");
    if (coding != null && !coding.equalsIgnoreCase("chunked"))
      throw new IOException("unknown Transfer-Encoding: " + coding);
    if (coding != null) return chunks();
    return exactly(size(length, 10));
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      headBytesLeft = MAX_CHUNK_LINE_BYTES;
      String line = line();
      int end = line.indexOf(';');
      int size = size((end < 0 ? line : line.substring(0, end)).strip(), 16);
      if (size == 0) break;
      if (size > maxBodyBytes - body.size()) throw tooLarge();
      body.write(exactly(size));
      if (!line().isEmpty()) throw new IOException("a chunk is longer than it says");
    }
    headBytesLeft = maxHeadBytes;
    headers(); // trailers, which nobody needs
    return body.toByteArray();
  }

  private int size(@Nullable String text, int radix) throws IOException {
    if (text == null) throw new IOException("the response does not say its length");
    int maxDigits = radix == 16 ? MAX_HEX_DIGITS : 10;
    if (text.isEmpty() || !text.chars().allMatch(c -> Character.digit(c, radix) >= 0))
      throw new IOException("not a length: " + text);
    if (text.length() > maxDigits) throw tooLarge();
    long size = Long.parseLong(text, radix);
    if (size > maxBodyBytes) throw tooLarge();
    return (int) size;
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size)
      throw new EOFException("the body was cut: %d of %d bytes".formatted(bytes.length, size));
    return bytes;
  }

  private IOException tooLarge() {
    return new IOException("the body is above the limit of " + maxBodyBytes + " bytes");
  }
}
