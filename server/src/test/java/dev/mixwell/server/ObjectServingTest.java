package dev.mixwell.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.BatchHeaders;
import dev.mixwell.base.Json;
import dev.mixwell.config.ConfigReader;
import dev.mixwell.config.ServerConfig;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.manifest.SourceFile;
import dev.mixwell.opened.TestIndex;
import dev.mixwell.proof.ObjectServer;
import dev.mixwell.proof.Proof;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose shards lie in an object store beside its twin whose shards lie here. */
class ObjectServingTest {
  private static final int VOCABULARY = 40_000;
  private static final long CACHE_BYTES = 12L << 20;
  private static final int STEPS = 24;
  private static final int OUTAGE_AT = 6;

  private static final String SPEC =
      """
      {"seed": 7, "groups": [{"name": "prose", "query": "tag:prose"}, {"name": "code", "query": "tag:code"}],
       "batchRows": 8, "rowTokens": 512, "mixer": {"name": "static", "parameters": {"weights": {"prose": 0.5, "code": 0.5}}},
       "validationRows": 2, "validationShare": 0.2}""";

  @TempDir static Path directory;
  private static ObjectServer objects;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void makeIndexes() throws IOException {
    Path here = directory.resolve("here");
    Path there = directory.resolve("there");
    for (Path index : List.of(here, there)) write(index);
    Path bucket = Files.createDirectories(directory.resolve("store/bucket"));
    var moved = new ArrayList<ShardEntry>();
    Manifest manifest = Manifest.read(there);
    for (ShardEntry entry : manifest.shards()) {
      String name = entry.file().location();
      Files.move(there.resolve(name), bucket.resolve(name));
      var file =
          new SourceFile(
              "s3://bucket/" + name, null, entry.file().lengthBytes(), entry.file().sha256());
      moved.add(
          new ShardEntry(
              file,
              null,
              entry.type(),
              entry.tokens(),
              entry.documents(),
              null,
              entry.table(),
              entry.checksums(),
              null));
    }
    Files.delete(there.resolve(Manifest.FILE));
    Files.delete(there.resolve(Manifest.FILE + ".sha256"));
    new Manifest(
            manifest.version(),
            manifest.tokenizer(),
            manifest.type(),
            manifest.blockBytes(),
            moved,
            manifest.documents(),
            manifest.tokens(),
            manifest.textBytes(),
            manifest.catalogSha256(),
            manifest.keysSha256())
        .write(there);
    objects = new ObjectServer(directory.resolve("store"));
  }

  private static void write(Path index) throws IOException {
    var random = new SplittableRandom(11);
    var shards = new ArrayList<List<TestIndex.Document>>();
    for (int s = 0; s < 4; s++) {
      var documents = new ArrayList<TestIndex.Document>();
      for (int d = 0; d < 100; d++) {
        int[] tokens = random.ints(20_000, 0, VOCABULARY).toArray();
        documents.add(
            new TestIndex.Document(tokens, s + "/" + d, List.of(d % 2 == 0 ? "prose" : "code")));
      }
      shards.add(documents);
    }
    new TestIndex(index, shards, VOCABULARY).write();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    objects.close();
  }

  private static ServerConfig config(Path index, Path data) {
    return ConfigReader.read(
        null,
        Map.of(),
        Map.of(
            "index",
            index.toString(),
            "data",
            data.toString(),
            "http.port",
            "0",
            "shards.cacheBytes",
            Long.toString(CACHE_BYTES),
            "objectStore.endpoint",
            objects.endpoint(),
            "objectStore.region",
            "us-east-1"));
  }

  private record Twins(Serving here, Serving there, String hereAttempt, String thereAttempt)
      implements AutoCloseable {
    static Twins start(String name) throws Exception {
      Serving here =
          Serving.start(config(directory.resolve("here"), directory.resolve(name + "-here")));
      Serving there =
          Serving.start(config(directory.resolve("there"), directory.resolve(name + "-there")));
      return new Twins(here, there, attempt(here), attempt(there));
    }

    /** Pulls a step as clients do: again while the answer is that it may come later. */
    byte[] there(int step, Runnable onRefusal) throws Exception {
      while (true) {
        var answer = pull(there, thereAttempt, step);
        if (answer.statusCode() == 200) return answer.body();
        String problem = Json.tree(answer.body()).path("type").asText();
        assertEquals("urn:mixwell:problem:shard-unreachable", problem, text(answer));
        assertEquals(503, answer.statusCode());
        assertTrue(answer.headers().firstValue("retry-after").isPresent());
        onRefusal.run();
      }
    }

    byte[] here(int step) throws Exception {
      var answer = pull(here, hereAttempt, step);
      assertEquals(200, answer.statusCode(), text(answer));
      return answer.body();
    }

    @Override
    public void close() {
      here.close();
      there.close();
    }
  }

  private static HttpResponse<byte[]> pull(Serving server, String attempt, int step)
      throws Exception {
    return send(
        HttpRequest.newBuilder()
            .GET()
            .header("accept", BatchHeaders.OCTET_STREAM)
            .uri(uri(server, attempt + "/steps/" + step + "/batch?rank=0")));
  }

  private static String attempt(Serving server) throws Exception {
    var created =
        send(
            HttpRequest.newBuilder()
                .uri(uri(server, "/v1/runs/twin"))
                .header("content-type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(SPEC)));
    assertEquals(201, created.statusCode(), text(created));
    var opened =
        send(
            HttpRequest.newBuilder()
                .uri(uri(server, "/v1/runs/twin/attempts"))
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"fromStep\": 0, \"world\": 1, \"launchId\": \"one\"}")));
    assertEquals(200, opened.statusCode(), text(opened));
    return "/v1/runs/twin/attempts/" + Json.tree(opened.body()).path("attempt").asInt();
  }

  private static URI uri(Serving server, String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void batchesAreThoseOfTheTwinAndTheCacheKeepsItsBound() throws Exception {
    try (Twins twins = Twins.start("same")) {
      for (int step = 0; step < STEPS; step++) {
        assertArrayEquals(
            twins.here(step),
            twins.there(step, () -> assertTrue(false, "the store is there")),
            "step " + step);
        long bytes = bytes(directory.resolve("same-there"));
        assertTrue(bytes <= CACHE_BYTES, bytes + " bytes");
      }
    }
  }

  /** Of all files of the cache; another thread may remove some meanwhile. */
  private static long bytes(Path data) {
    long bytes = 0;
    File[] files = data.resolve("shards").toFile().listFiles();
    for (File file : files == null ? new File[0] : files) bytes += file.length(); // 0 once gone
    return bytes;
  }

  @Test
  void anOutageOfTheStoreLosesNothing() throws Exception {
    try (var proof = new Proof("object-store-outage", 1, 5)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> outage("outage" + seed));
    }
  }

  /** In the long form, the store is away for 30 seconds. */
  private void outage(String name) throws Exception {
    long awayNanos = Proof.isSoak() ? 30_000_000_000L : 0;
    try (Twins twins = Twins.start(name)) {
      long[] stopped = {0};
      boolean[] isBack = {false};
      for (int step = 0; step < STEPS; step++) {
        if (step == OUTAGE_AT) {
          objects.stop();
          stopped[0] = System.nanoTime();
        }
        byte[] there =
            twins.there(
                step,
                () -> {
                  if (isBack[0] || System.nanoTime() - stopped[0] < awayNanos) return;
                  try {
                    objects.start();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                  isBack[0] = true;
                });
        assertArrayEquals(twins.here(step), there, "step " + step);
      }
      assertTrue(isBack[0], "no pull met the outage");
    }
  }
}
