package dev.mixwell.http;

import dev.mixwell.base.Json;
import dev.mixwell.config.ConfigReader;
import dev.mixwell.http.routes.Routes;
import dev.mixwell.metrics.Meters;
import dev.mixwell.opened.Datasets;
import dev.mixwell.opened.TestIndex;
import dev.mixwell.run.Run;
import dev.mixwell.serving.DataDirectory;
import dev.mixwell.serving.Packing;
import dev.mixwell.serving.Runs;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A real server over a small index of two groups, {@code prose} and {@code code}. */
public final class ServerFixture implements AutoCloseable {
  private static final int DOCUMENTS = 400;
  private static final int VOCABULARY = 1_000;

  /** The run of the contract's example. */
  public static final String SPEC =
      """
      {"seed": 7, "groups": [{"name": "prose", "query": "tag:prose"}, {"name": "code", "query": "tag:code"}],
       "batchRows": 8, "rowTokens": 32, "mixer": {"name": "odm"}, "lookahead": 4, "validationRows": 2, "validationShare": 0.2}\
      """;

  private final DataDirectory data;
  private final Datasets datasets;
  private final Packing packing = new Packing(2, 4, 8 << 20);
  private final Runs runs;
  private final Meters meters = new Meters();
  private final Routes routes;
  private final HttpServer server;

  private ServerFixture(Path directory, Map<String, String> settings) throws IOException {
    var config = ConfigReader.read(null, Map.of("MIXWELL_HTTP_PORT", "0"), settings);
    Path index = directory.resolve("index");
    if (!Files.exists(index)) writeIndex(index);
    data = DataDirectory.open(directory.resolve("data"));
    datasets = Datasets.open(index, ShardStore.ofPlainFiles());
    runs = new Runs(data, datasets, packing, System::currentTimeMillis);
    routes = Routes.of(config, runs, datasets, meters);
    server = HttpServer.start(config.http(), routes, meters);
  }

  public static ServerFixture start(Path directory) throws IOException {
    return new ServerFixture(directory, Map.of());
  }

  public static ServerFixture start(Path directory, Map<String, String> settings)
      throws IOException {
    return new ServerFixture(directory, settings);
  }

  /** An index that a server can be started on. */
  public static void writeIndex(Path index) throws IOException {
    var random = new SplittableRandom(11);
    var documents = new ArrayList<TestIndex.Document>();
    for (int d = 0; d < DOCUMENTS; d++) {
      int[] tokens = random.ints(20 + random.nextInt(60), 0, VOCABULARY).toArray();
      documents.add(
          new TestIndex.Document(tokens, "d" + d, List.of(d % 2 == 0 ? "prose" : "code")));
    }
    new TestIndex(index, List.of(documents), VOCABULARY).write();
  }

  public int port() {
    return server.port();
  }

  /** A run of its, from inside. */
  public Run run(String name) {
    return runs.run(name).run();
  }

  /** Method, path and query parameters of everything that is served. */
  public record Served(String method, String path, List<String> parameters) {}

  public List<Served> served() {
    return routes.all().stream()
        .map(route -> new Served(route.method().text(), route.path(), route.parameters()))
        .toList();
  }

  public void createRun(String run) throws IOException {
    expect(201, RawHttp.exchange(port(), "PUT", "/v1/runs/" + run, Map.of(), SPEC));
  }

  /** The address of a new attempt from step 0. */
  public String openAttempt(String run) throws IOException {
    String body =
        "{\"fromStep\": 0, \"world\": 2, \"launchId\": \"" + java.util.UUID.randomUUID() + "\"}";
    var answer =
        expect(
            200, RawHttp.exchange(port(), "POST", "/v1/runs/" + run + "/attempts", Map.of(), body));
    return "/v1/runs/" + run + "/attempts/" + Json.tree(answer.body()).path("attempt").asInt();
  }

  private static RawHttp.Answer expect(int status, RawHttp.Answer answer) {
    if (answer.status() != status) throw new AssertionError(answer.status() + ": " + answer.text());
    return answer;
  }

  @Override
  public void close() {
    server.close();
    runs.close();
    packing.close();
    datasets.close();
    data.close();
    meters.close();
  }
}
