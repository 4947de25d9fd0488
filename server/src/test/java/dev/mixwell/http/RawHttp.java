package dev.mixwell.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client that sends what it is told, byte by byte, and reads the first answer until the server
 * closes.
 */
public final class RawHttp {
  public static final int MAX_WAIT_MILLIS = 10_000;

  /**
   * {@code x-end} is {@code torn} if the body ended before its framing said so; status 0 is a close
   * without an answer.
   */
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private RawHttp() {}

  public static Answer exchange(
      int port, String method, String target, Map<String, String> headers, String body)
      throws IOException {
    var head =
        new StringBuilder(
            method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (!body.isEmpty())
      head.append("Content-Length: ")
          .append(body.getBytes(StandardCharsets.UTF_8).length)
          .append("\r\n");
    return raw(port, head + "\r\n" + body);
  }

  public static Answer raw(int port, String request) throws IOException {
    return raw(port, request.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws java.net.SocketTimeoutException if the server neither answers nor closes within {@link
   *     #MAX_WAIT_MILLIS}
   */
  public static Answer raw(int port, byte[] request) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), MAX_WAIT_MILLIS);
      socket.setSoTimeout(MAX_WAIT_MILLIS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
      } catch (IOException closedWhileWriting) {
        return parse(received(socket));
      }
      return parse(received(socket));
    }
  }

  private static byte[] received(Socket socket) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(bytes);
    } catch (SocketTimeoutException hang) {
      throw hang;
    } catch (IOException reset) {
      return bytes.toByteArray(); // a reset after the answer is a close
    }
    return bytes.toByteArray();
  }

  public static Answer parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) return new Answer(0, Map.of(), bytes);
    String[] lines = text.substring(0, end).split("\r\n", -1);
    var headers = new TreeMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
    byte[] rest = Arrays.copyOfRange(bytes, end + 4, bytes.length);
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked"))
      return new Answer(status, headers, unchunk(rest, headers));
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    if (length > rest.length) headers.put("x-end", "torn");
    return new Answer(status, headers, Arrays.copyOf(rest, Math.min(length, rest.length)));
  }

  private static byte[] unchunk(byte[] bytes, Map<String, String> headers) {
    var body = new ByteArrayOutputStream();
    int at = 0;
    while (true) {
      int line = at;
      while (line < bytes.length && bytes[line] != '\r') line++;
      int size =
          line + 2 > bytes.length
              ? -1
              : Integer.parseInt(new String(bytes, at, line - at, StandardCharsets.US_ASCII), 16);
      if (size == 0) return body.toByteArray();
      if (size < 0 || line + 2 + size > bytes.length) {
        headers.put("x-end", "torn");
        return body.toByteArray();
      }
      body.write(bytes, line + 2, size);
      at = line + 2 + size + 2;
    }
  }
}
