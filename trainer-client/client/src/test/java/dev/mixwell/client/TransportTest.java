package dev.mixwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TransportTest {
  /** As the server prints them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080",
        "http://localhost:1",
        "http://[::1]:8080",
        "http://[::]:8080",
        "http://[2001:db8::17]:80/mixwell",
      })
  void addressesPrintAsTheyAreWritten(String url) {
    try (var transport = new Transport(URI.create(url), Transport.Limits.DEFAULT)) {
      assertEquals(url, transport.toString());
    }
  }

  @Test
  void anAddressThatCannotBeSpokenToIsRefused() {
    for (String url : new String[] {"https://a", "http:///a", "a:1", "http://[fe80::1%25lo]:1"})
      assertThrows(
          IllegalArgumentException.class,
          () -> new Transport(URI.create(url), Transport.Limits.DEFAULT),
          url);
  }
}
