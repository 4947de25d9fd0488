package dev.mixwell.launch;

import dev.mixwell.base.Json;
import dev.mixwell.cli.index.Indexing;
import dev.mixwell.config.ConfigReader;
import dev.mixwell.server.Serving;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The real server in this process, over a small index of two groups: {@code kind:letters} and
 * {@code kind:digits}.
 */
public final class SmallServer implements AutoCloseable {
  private final Path directory;
  private Serving server;

  private SmallServer(Path directory) {
    this.directory = directory;
    this.server = serve(0);
  }

  /** Indexes and serves in an empty directory. */
  public static SmallServer start(Path directory) throws IOException {
    Path corpus = directory.resolve("corpus.jsonl");
    Files.write(corpus, corpus());
    int status = Indexing.run(corpus, "--out", directory.resolve("index"), "--tokenizer", "byte");
    if (status != 0) throw new IOException("indexing ended with status " + status);
    return new SmallServer(directory);
  }

  private static List<String> corpus() {
    var random = new SplittableRandom(2);
    return IntStream.range(0, 200)
        .mapToObj(
            i -> {
              boolean digits = i % 2 == 0;
              String text =
                  (digits ? "0123456789 " : "the cat sat on the mat, ")
                      .repeat(3 + random.nextInt(10));
              return Json.write(
                  Map.of("id", "d" + i, "text", text, "kind", digits ? "digits" : "letters"));
            })
        .toList();
  }

  private Serving serve(int port) {
    var settings = new TreeMap<String, String>();
    settings.put("index", directory.resolve("index").toString());
    settings.put("data", directory.resolve("data").toString());
    settings.put("http.port", Integer.toString(port));
    return Serving.start(ConfigReader.read(null, Map.of(), settings));
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** Ends it, and starts it again on the same port. */
  public void restart() {
    int port = server.port();
    server.close();
    server = serve(port);
  }

  @Override
  public void close() {
    server.close();
  }
}
