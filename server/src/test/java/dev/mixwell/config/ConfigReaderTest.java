package dev.mixwell.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
  @TempDir Path directory;

  @Test
  void theDefaultsAreThese() {
    assertEquals(
        Json.tree(
            """
            {"http": {"host": "127.0.0.1", "port": 8080, "maxBodyBytes": 16777216, "maxConnections": 4096, "maxRequests": 4096,
                      "idleTimeoutMillis": 60000, "maxInFlightBytes": 536870912, "maxBatches": 64},
             "longPoll": {"defaultMillis": 30000, "maxMillis": 300000},
             "events": {"maxStreams": 256, "heartbeatMillis": 15000, "retryMillis": 1000, "maxMillis": 3600000},
             "ahead": {"threads": 0, "steps": 8, "maxBytes": 134217728},
             "shards": {"cacheBytes": 68719476736},
             "objectStore": {}}"""
                .getBytes(StandardCharsets.UTF_8)),
        Json.tree(Json.writeBytes(ConfigReader.read(null, Map.of(), Map.of()))));
  }

  @Test
  void theFileChangesOnlyWhatItNames() throws IOException {
    var config = read("data: /runs\nhttp:\n  port: 9000\n");
    assertEquals("/runs", config.data());
    assertEquals(9000, config.http().port());
    assertEquals(ServerConfig.DEFAULTS.http().maxBodyBytes(), config.http().maxBodyBytes());
  }

  @Test
  void anEmptyFileChangesNothing() throws IOException {
    assertEquals(ServerConfig.DEFAULTS, read(""));
    assertEquals(ServerConfig.DEFAULTS, read("# nothing\n"));
  }

  @Test
  void flagsBeatTheEnvironmentWhichBeatsTheFile() throws IOException {
    Path file = write("http:\n  port: 1\n  maxBatches: 2\n  host: a\n");
    var config =
        ConfigReader.read(
            file,
            Map.of("MIXWELL_HTTP_PORT", "3", "MIXWELL_HTTP_MAX_BATCHES", "4"),
            Map.of("http.port", "5"));
    assertEquals(5, config.http().port());
    assertEquals(4, config.http().maxBatches());
    assertEquals("a", config.http().host());
  }

  @Test
  void aNumberIsATextWhereATextIsMeant() throws IOException {
    assertEquals("2026", read("data: 2026\n").data());
    assertEquals("2026", ConfigReader.read(null, Map.of("MIXWELL_DATA", "2026"), Map.of()).data());
  }

  @Test
  void variablesOfOthersAreLeftAlone() {
    assertEquals(
        ServerConfig.DEFAULTS,
        ConfigReader.read(null, Map.of("MIXWELL_SERVICE_HOST", "10.0.0.1"), Map.of()));
  }

  @Test
  void anUnknownKeyNamesTheNearest() {
    refused("http:\n  prot: 1\n", "no key `http.prot`", "`http.port`");
    refused("dta: x\n", "`data`");
    refused("port: 1\n", "`http.port`");
    refused("longpoll:\n  maxMillis: 1\n", "no key `longpoll`", "`longPoll`");
  }

  @Test
  void wrongTypesAndRangesAreNamed() {
    refused("http:\n  port: eighty\n", "`http.port`", "eighty", "whole number");
    refused("http:\n  port: 80.5\n", "`http.port`", "80.5");
    refused("http:\n  port: \"80\"\n", "`http.port`");
    refused("http:\n  port: 65536\n", "`http.port` is 65536", "0 to 65535");
    refused("http:\n  port: 99999999999\n", "`http.port`", "99999999999");
    refused("http:\n  port:\n", "`http.port`");
    refused("http:\n  host: ''\n", "`http.host`");
    refused("http: 8080\n", "`http` is a section");
    refused(
        "longPoll:\n  defaultMillis: 5\n  maxMillis: 4\n",
        "`longPoll.defaultMillis` is 5",
        "0 to 4");
    refused("data: [1]\n", "`data`", "text");
  }

  @Test
  void aVariableThatIsNoNumberIsNamed() {
    var e =
        assertThrows(
            InvalidConfig.class,
            () -> ConfigReader.read(null, Map.of("MIXWELL_HTTP_PORT", "x"), Map.of()));
    assertTrue(String.valueOf(e.getMessage()).contains("MIXWELL_HTTP_PORT"), e.getMessage());
  }

  @Test
  void aFileThatIsNotYamlOrNotThereIsNamed() {
    refused("http: [\n", "is not YAML");
    refused("http:\n  port: 1\n  port: 2\n", "port");
    refused("- 1\n", "not a YAML mapping");
    var missing = directory.resolve("missing.yaml");
    var e = assertThrows(InvalidConfig.class, () -> ConfigReader.read(missing, Map.of(), Map.of()));
    assertTrue(String.valueOf(e.getMessage()).contains("missing.yaml"), e.getMessage());
  }

  @Test
  void everyKeyHasItsVariable() {
    assertEquals(
        "MIXWELL_HTTP_MAX_IN_FLIGHT_BYTES", ConfigReader.variable("http.maxInFlightBytes"));
    assertEquals("MIXWELL_LONG_POLL_MAX_MILLIS", ConfigReader.variable("longPoll.maxMillis"));
  }

  private void refused(String yaml, String... parts) {
    var e = assertThrows(InvalidConfig.class, () -> read(yaml), yaml);
    for (String part : parts)
      assertTrue(String.valueOf(e.getMessage()).contains(part), yaml + " -> " + e.getMessage());
  }

  private ServerConfig read(String yaml) throws IOException {
    return ConfigReader.read(write(yaml), Map.of(), Map.of());
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("mixwell.yaml"), yaml);
  }
}
