package dev.mixwell.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.config.InvalidConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
  @TempDir Path folder;

  private static RawHttp.Answer get(Path socket, String target) throws IOException {
    String request = "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(target);
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      var bytes = new ByteArrayOutputStream();
      Channels.newInputStream(channel).transferTo(bytes);
      return RawHttp.parse(bytes.toByteArray());
    }
  }

  @Test
  void theSocketAnswersWithTheBytesOfThePort() throws IOException {
    Path socket = folder.resolve("mixwell.sock");
    try (var server = ServerFixture.start(folder, Map.of("http.unixSocket", socket.toString()))) {
      server.createRun("r");
      String batch = server.openAttempt("r") + "/steps/0/batch?rank=1";
      var there = get(socket, batch);
      assertEquals(200, there.status());
      assertArrayEquals(
          RawHttp.exchange(server.port(), "GET", batch, Map.of(), "").body(), there.body());
      assertEquals(404, get(socket, "/nothing").status());
    }
    assertFalse(Files.exists(socket), "the file goes with the server");
  }

  @Test
  void whatAKilledServerLeftIsReplaced() throws IOException {
    Path socket = folder.resolve("left.sock");
    try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    }
    assertTrue(Files.exists(socket));
    assertEquals(socket, SocketFile.free(socket));
    assertFalse(Files.exists(socket));
  }

  @Test
  void aPathThatCannotBeUsedIsNamed() throws IOException {
    Path taken = folder.resolve("taken.sock");
    try (var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(taken));
      assertRefused(taken, "in use by another server");
    }
    assertRefused(Files.writeString(folder.resolve("file"), "x"), "is no socket");
    assertRefused(folder.resolve("none/mixwell.sock"), "folder that does not exist");
    assertRefused(folder.resolve("x".repeat(120)), "the system takes 107");
  }

  @Test
  void aPipeThatLiesThereIsLeftAlone() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertRefused(pipe, "is no socket");
    assertTrue(Files.exists(pipe));
  }

  private static void assertRefused(Path path, String why) {
    var refusal = assertThrows(InvalidConfig.class, () -> SocketFile.free(path));
    assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal.getMessage());
  }
}
