package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.BatchHeaders;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client costs that asks for several large bodies and does not read them. */
class SlowReaderTest {
  private static final int ROWS = 65_536;
  private static final int ROW_TOKENS = 255;

  /** More than the socket's buffers hold, and a buffer of its own in Netty's pool. */
  private static final int BODY_BYTES = ROWS * (ROW_TOKENS + 1) * Short.BYTES;

  /** Less than two bodies may take. */
  private static final Map<String, String> SETTINGS =
      Map.of("http.maxInFlightBytes", Integer.toString(9 * BODY_BYTES / 2 + BODY_BYTES));

  private static final int INTO_THE_SECOND_BODY = 1 << 20;

  @TempDir Path directory;

  /** Bodies that are held, of this size: Netty counts them one by one. */
  private static long held() {
    return PooledByteBufAllocator.DEFAULT.metric().heapArenas().stream()
        .mapToLong(PoolArenaMetric::numActiveHugeAllocations)
        .sum();
  }

  @Test
  void ofSeveralBodiesOneIsHeldAndThatOneIsCounted() throws IOException {
    try (var server = ServerFixture.start(directory, SETTINGS)) {
      String batches = attempt(server) + "/batches?from=0&count=4&rank=0";
      try (var socket = new Socket("127.0.0.1", server.port())) {
        String request = "GET " + batches + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: ";
        request += BatchHeaders.OCTET_STREAM + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().skipNBytes(BODY_BYTES + INTO_THE_SECOND_BODY);
        assertEquals(1, held(), "the first is freed before the second is made");
        var other = pull(server);
        assertEquals(429, other.status(), "a second request's would be one too many");
        assertTrue(other.text().contains("bytes of batches wait for slow readers"), other.text());
      }
    }
    assertEquals(0, held());
  }

  private RawHttp.Answer pull(ServerFixture server) throws IOException {
    String batch = "/v1/runs/large/attempts/0/steps/0/batch?rank=0";
    var headers = Map.of("Accept", BatchHeaders.OCTET_STREAM);
    return RawHttp.exchange(server.port(), "GET", batch, headers, "");
  }

  private static String attempt(ServerFixture server) throws IOException {
    String spec =
        """
        {"seed": 7, "groups": [{"name": "all", "query": "*:*"}], "batchRows": %d, "rowTokens": %d,
         "validationRows": 0}"""
            .formatted(ROWS, ROW_TOKENS);
    int port = server.port();
    assertEquals(201, RawHttp.exchange(port, "PUT", "/v1/runs/large", Map.of(), spec).status());
    String launch = "{\"fromStep\": 0, \"world\": 1, \"launchId\": \"once\"}";
    String attempts = "/v1/runs/large/attempts";
    assertEquals(200, RawHttp.exchange(port, "POST", attempts, Map.of(), launch).status());
    return attempts + "/0";
  }
}
