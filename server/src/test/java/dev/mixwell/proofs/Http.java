package dev.mixwell.proofs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.base.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The server of a port, asked once a call. Thread-safe. */
final class Http {
  private static final Duration HANG = Duration.ofSeconds(60);
  private static final int MAX_QUOTED_CHARS = 1_000;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final int port;

  Http(int port) {
    this.port = port;
  }

  record Answer(int status, String etag, byte[] body) {
    JsonNode json() {
      return Json.tree(body);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    private String start() {
      return text().substring(0, Math.min(text().length(), MAX_QUOTED_CHARS));
    }

    /** The problem's short name, empty if it is none. */
    String problem() {
      return status < 400
          ? ""
          : json().path("type").asText().replaceFirst("^urn:mixwell:problem:", "");
    }

    String sha256() {
      return Sha256.of(body);
    }

    Answer expect(int expected) {
      if (status == expected) return this;
      throw new AssertionError("expected " + expected + ", got " + status + ": " + start());
    }

    Answer expect(int expected, String problem) {
      expect(expected);
      if (problem.equals(problem())) return this;
      throw new AssertionError("expected " + problem + ", got: " + start());
    }
  }

  Answer get(String target) throws IOException, InterruptedException {
    return send("GET", target, "");
  }

  /**
   * @param headers names and values in turn
   */
  Answer send(String method, String target, String body, String... headers)
      throws IOException, InterruptedException {
    var publisher =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
            .timeout(HANG)
            .method(method, publisher);
    if (headers.length > 0) request.headers(headers);
    var response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    String etag = response.headers().firstValue("etag").orElse("");
    return new Answer(response.statusCode(), etag, response.body());
  }

  /**
   * Asks, reads so many bytes of the answer and is gone, leaving the rest unread.
   *
   * @param reset whether to go with a reset in place of an orderly end
   */
  void cut(String target, int readBytes, boolean reset) throws IOException {
    try (var socket = new Socket()) {
      socket.setReceiveBufferSize(4 << 10);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) HANG.toMillis());
      socket.setSoTimeout((int) HANG.toMillis());
      if (reset) socket.setSoLinger(true, 0);
      String head = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readNBytes(readBytes);
    }
  }
}
