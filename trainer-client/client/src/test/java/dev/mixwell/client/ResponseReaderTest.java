package dev.mixwell.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {
  private static final String FIXED =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Two: a\r\nx-two: b\r\n\r\nhello";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n"
          + "3\r\n"
          + "hel\r\n"
          + "2;note=x\r\n"
          + "lo\r\n"
          + "0\r\n"
          + "Trailer: x\r\n\r\n";

  private static ResponseReader reader(byte[] bytes) {
    return new ResponseReader(new ByteArrayInputStream(bytes), 200, 1_000);
  }

  private static Response read(String text) throws IOException {
    return reader(text.getBytes(StandardCharsets.ISO_8859_1)).read(false);
  }

  @Test
  void bodiesWithLengthAndInChunksAreReadToTheirEnd() throws IOException {
    for (String one : new String[] {FIXED, CHUNKED}) {
      ResponseReader both = reader((one + FIXED).getBytes(StandardCharsets.ISO_8859_1));
      assertArrayEquals("hello".getBytes(StandardCharsets.ISO_8859_1), both.read(false).body());
      Response next = both.read(false);
      assertArrayEquals("hello".getBytes(StandardCharsets.ISO_8859_1), next.body());
      assertEquals("a, b", next.header("x-two"));
    }
  }

  @Test
  void everyCutIsNoticed() {
    for (String whole : new String[] {FIXED, CHUNKED})
      for (int length = 0; length < whole.length(); length++) {
        String cut = whole.substring(0, length);
        assertThrows(IOException.class, () -> read(cut), () -> "cut to: " + cut);
      }
  }

  @Test
  void interimAnswersArePassedOverAndEmptyOnesHaveNoBody() throws IOException {
    assertEquals(
        204, read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n").status());
    assertEquals(200, reader(FIXED.getBytes(StandardCharsets.ISO_8859_1)).read(true).status());
  }

  @Test
  void unclearOrOversizedAnswersAreRefused() {
    for (String bad :
        new String[] {
          "HTTP/1.1 200 OK\r\n\r\nto the end",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1_001),
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nX: " + "x".repeat(300) + "\r\n\r\n",
          "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
          "SSH-2.0-OpenSSH\r\n\r\n"
        }) assertThrows(IOException.class, () -> read(bad), bad);
  }

  @Test
  void damagedBytesGiveAnAnswerOrAnIoExceptionAndNothingElse() {
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes = (seed % 2 == 0 ? FIXED : CHUNKED).getBytes(StandardCharsets.ISO_8859_1);
      for (int i = 0; i < 3; i++) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        reader(bytes).read(false);
      } catch (IOException expected) {
        continue;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + Arrays.toString(bytes), e);
      }
    }
  }
}
