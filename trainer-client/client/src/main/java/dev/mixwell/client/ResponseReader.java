package dev.mixwell.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
  private static final int BUFFER_BYTES = 8 << 10;

  /** A peer that lies about its length costs no more than this and what it sends. */
  private static final int FIRST_ALLOCATION_BYTES = 16 << 20;

  private final InputStream in;
  private final int maxHeadBytes;
  private final int maxBodyBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at; // what is read and not used lies in the buffer from here
  private int end; // to here
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
    String line = "";
    while (true) {
      if (at == end) fill();
      int start = at;
      while (at < end && buffer[at] != '\n') at++;
      headBytesLeft -= at - start;
      if (headBytesLeft < 0)
        throw new IOException("the response's head is above the limit of bytes");
      line += new String(buffer, start, at - start, StandardCharsets.ISO_8859_1);
      if (at == end) continue;
      at++;
      headBytesLeft--;
      return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
  }

  private void fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    if (end == 0) throw new EOFException("the connection ended before its response");
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

  /** What is not in the buffer yet goes straight into the array. */
  private byte[] exactly(int size) throws IOException {
    int buffered = Math.min(size, end - at);
    byte[] bytes = Arrays.copyOfRange(buffer, at, at + Math.min(size, FIRST_ALLOCATION_BYTES));
    at += buffered;
    int read = buffered;
    while (read < size) {
      if (read == bytes.length) bytes = Arrays.copyOf(bytes, (int) Math.min(size, 2L * read));
      int more = in.read(bytes, read, bytes.length - read);
      if (more < 0)
        throw new EOFException("the body was cut: %d of %d bytes".formatted(read, size));
      read += more;
    }
    return bytes;
  }

  private IOException tooLarge() {
    return new IOException("the body is above the limit of " + maxBodyBytes + " bytes");
  }
}
