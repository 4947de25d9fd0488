package dev.mixwell.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.config.InvalidConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ListenAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8080",
    "localhost, http://localhost:8080",
    "::1, http://[::1]:8080",
    "[::1], http://[::1]:8080",
    "::, http://[::]:8080",
    "::ffff:127.0.0.1, http://[::ffff:127.0.0.1]:8080",
    "2001:db8::17, http://[2001:db8::17]:8080",
  })
  void whatIsPrintedIsAnAddressForClients(String host, String url) {
    assertEquals(url, ListenAddress.of(host).url(8080));
    assertEquals(8080, URI.create(url).getPort());
  }

  @Test
  void aNameThatNoUriHoldsIsPrintedAsItsAddress() throws IOException {
    var address = InetAddress.getByName("127.0.0.1");
    assertEquals("http://127.0.0.1:1", new ListenAddress("under_score", address).url(1));
    assertEquals("http://127.0.0.1:1", new ListenAddress("ünï", address).url(1));
  }

  /** As the JDK words them on Linux and elsewhere. */
  @ParameterizedTest
  @CsvSource({
    "Permission denied, port 80 is not permitted",
    "Permission denied: bind, port 80 is not permitted",
    "Address already in use (Bind failed), the port is taken",
    "Cannot assign requested address, 127.0.0.1 is no address of this machine",
    "Can't assign requested address, 127.0.0.1 is no address of this machine",
    "Protocol family unavailable, Protocol family unavailable. Choose another",
  })
  void whatTheSystemRefusesIsSaidWithWhatToDo(String failure, String sentence) {
    String remedy = ListenAddress.of("127.0.0.1").remedy(80, new SocketException(failure));
    assertTrue(remedy.contains(sentence) && remedy.contains("hoose another --"), remedy);
  }

  @ParameterizedTest
  @CsvSource({"a.invalid", "fe80::1%lo", "'two words'", "[::1", "1.2.3.4.5", "host:80"})
  void aHostWithoutAnAddressIsNamed(String host) {
    var refused = assertThrows(InvalidConfig.class, () -> ListenAddress.of(host));
    assertTrue(String.valueOf(refused.getMessage()).contains("`http.host` " + host), host);
  }
}
