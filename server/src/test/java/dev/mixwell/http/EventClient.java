package dev.mixwell.http;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of one stream of events, read as far as it is asked to. One thread. */
public final class EventClient implements AutoCloseable {
  private final Socket socket = new Socket();
  private final int status;
  private final BufferedReader lines;

  /**
   * A block of the stream.
   *
   * @param id empty if it has none
   * @param event empty for a comment or a block without data
   */
  public record Block(String id, String event, String data, String retry, boolean isComment) {}

  /**
   * @param headers of the request, with the body's if there is one
   */
  public EventClient(
      int port, String method, String target, Map<String, String> headers, String body)
      throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", port), RawHttp.MAX_WAIT_MILLIS);
    socket.setSoTimeout(RawHttp.MAX_WAIT_MILLIS);
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (!body.isEmpty()) head.append("Content-Length: ").append(body.length()).append("\r\n");
    socket.getOutputStream().write((head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
    InputStream in = new BufferedInputStream(socket.getInputStream());
    status = Integer.parseInt(line(in).split(" ", -1)[1]);
    while (!line(in).isEmpty()) {}
    lines = new BufferedReader(new InputStreamReader(new Chunks(in), StandardCharsets.UTF_8), 1);
  }

  public static EventClient get(int port, String target) throws IOException {
    return new EventClient(port, "GET", target, Map.of(), "");
  }

  public int status() {
    return status;
  }

  /**
   * The next block; null once the stream has ended as it should.
   *
   * @throws EOFException if it is cut off
   * @throws java.net.SocketTimeoutException if nothing comes
   */
  public @Nullable Block next() throws IOException {
    String id = "";
    String event = "";
    String data = "";
    String retry = "";
    boolean isComment = false;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) return new Block(id, event, data, retry, isComment);
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon)) {
        case "id" -> id = value;
        case "event" -> event = value;
        case "data" -> data = value;
        case "retry" -> retry = value;
        case "" -> isComment = true;
        default -> throw new IOException("no field of an event: " + line);
      }
    }
    return null;
  }

  /** The next block that has data; null at the end. */
  public @Nullable Block nextEvent() throws IOException {
    Block block = next();
    while (block != null && block.event().isEmpty()) block = next();
    return block;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) throw new EOFException("cut off after: " + line);
      if (c != '\r') line.append((char) c);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** The body of chunks as one; its end is the last chunk. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;
    private boolean isEnded;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      if (isEnded) return -1;
      if (left == 0) {
        left = Integer.parseInt(line(in), 16);
        if (left == 0) {
          isEnded = true;
          return -1;
        }
      }
      int c = in.read();
      if (c < 0) throw new EOFException("cut off within a chunk");
      if (--left == 0) line(in);
      return c;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int c = read();
      if (c < 0) return -1;
      bytes[offset] = (byte) c;
      return 1;
    }
  }
}
