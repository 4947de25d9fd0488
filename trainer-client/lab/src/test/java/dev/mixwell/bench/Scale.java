package dev.mixwell.bench;

import dev.mixwell.base.Json;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.proof.ProgramOptions;
import dev.mixwell.proof.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What many documents cost: an index of short ones, each in one of 8 groups at random, then a
 * server on it that resolves the groups, stops, starts again and is pulled from. Needs 80 bytes of
 * disk a document.
 */
public final class Scale {
  private static final int ROWS = 8;
  private static final int ROW_TOKENS = 2_048;

  private Scale() {}

  /**
   * @param arguments {@code --documents N}, {@code --pulls N}, {@code --folder DIR} for an index
   *     that stays
   */
  public static void main(String[] arguments) throws Exception {
    var defaults = Map.of("--documents", "1000000", "--pulls", "10000", "--folder", "");
    var options = ProgramOptions.parse(arguments, defaults);
    int documents = options.number("--documents", 10_000);
    int pulls = options.number("--pulls", 2);
    String kept = options.text("--folder");
    Path folder = kept.isEmpty() ? Files.createTempDirectory("mixwell-scale") : Path.of(kept);
    Path data = Files.createTempDirectory("mixwell-scale-data");
    try {
      Path index = index(folder.resolve("index-" + documents), documents);
      serve(index, data.resolve("data"), documents, pulls);
    } finally {
      TemporaryFolder.delete(data);
      if (kept.isEmpty()) TemporaryFolder.delete(folder);
    }
  }

  static String[] smallest(Path folder) {
    return new String[] {"--documents", "10000", "--pulls", "2"};
  }

  private static Path index(Path index, long documents) throws IOException {
    if (Files.exists(index.resolve(Manifest.FILE))) {
      say("index", "was there: " + index);
    } else {
      TemporaryFolder.delete(index);
      long start = System.nanoTime();
      new ScaleIndex(index, documents).write();
      double seconds = seconds(start);
      say("index", "%.1f s, %,.0f documents/s", seconds, documents / seconds);
    }
    double catalog = sizeBytes(index.resolve("catalog"));
    say(
        "bytes a document",
        "catalog %.1f, all %.1f",
        catalog / documents,
        (double) sizeBytes(index) / documents);
    return index;
  }

  private static void serve(Path index, Path data, long documents, int pulls) throws Exception {
    ScaleServer.start(index, data).close(); // makes the start's cache, fills the page cache
    long start = System.nanoTime();
    try (var server = ScaleServer.start(index, data);
        var http = server.connect()) {
      say("ready, no runs", "%.0f ms", 1e3 * seconds(start));
      start = System.nanoTime();
      http.send("PUT", "/v1/runs/first", spec(1));
      say("run created, 8 groups resolved", "%.1f s", seconds(start));
      start = System.nanoTime();
      http.send("PUT", "/v1/runs/again", spec(2));
      say("run created, groups known", "%.1f s", seconds(start));
      say("heap after that", "%d MiB live", server.heapMebibytes());
      double extents = sizeBytes(data.resolve("cache"));
      say("bytes of extents a document", "%.2f", extents / documents);
    }
    start = System.nanoTime();
    try (var server = ScaleServer.start(index, data);
        var http = server.connect()) {
      say("ready, 2 runs", "%.0f ms", 1e3 * seconds(start));
      pull(server, http, pulls);
    }
  }

  /** Every row of a step is somewhere else: the order of rows is random. */
  private static void pull(ScaleServer server, FeedbackLatency.Connection http, int pulls)
      throws Exception {
    long start = System.nanoTime();
    http.send(
        "POST",
        "/v1/runs/first/attempts",
        "{\"fromStep\": 0, \"world\": 1, \"launchId\": \"scale\"}");
    say("attempt opened", "%.1f ms", 1e3 * seconds(start));
    double[] millis = new double[pulls];
    for (int k = 0; k < pulls; k++) {
      start = System.nanoTime();
      http.send("GET", "/v1/runs/first/attempts/0/steps/" + k + "/batch?rank=0", "");
      millis[k] = 1e3 * seconds(start);
    }
    say("first batch", "%.1f ms", millis[0]);
    say("first half of the pulls", percentiles(Arrays.copyOf(millis, pulls / 2)));
    say("second half", percentiles(Arrays.copyOfRange(millis, pulls / 2, pulls)));
    List<Long> resident = server.residentMebibytes();
    say("resident", "%,d MiB, of them no file's: %,d", resident.get(0), resident.get(1));
    say("heap", "%d MiB live", server.heapMebibytes());
  }

  private static String percentiles(double[] millis) {
    Arrays.sort(millis);
    int n = millis.length;
    return "p50 %.2f, p99 %.2f, p99.9 %.2f, most %.2f ms"
        .formatted(millis[n / 2], millis[n * 99 / 100], millis[n * 999 / 1000], millis[n - 1]);
  }

  private static String spec(int seed) {
    var groups = new ArrayList<Map<String, Object>>();
    for (int g = 0; g < ScaleIndex.GROUPS; g++)
      groups.add(Map.of("name", "g" + g, "query", "group:g" + g));
    var spec = new TreeMap<String, Object>(Map.of("seed", seed, "groups", groups));
    spec.putAll(Map.of("batchRows", ROWS, "rowTokens", ROW_TOKENS));
    spec.putAll(Map.of("validationRows", 0, "validationShare", 0.001));
    return Json.write(spec);
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  private static void say(String what, String format, Object... values) {
    System.out.printf(Locale.ROOT, "%-32s " + format + "%n", prepend(what, values));
  }

  private static Object[] prepend(String first, Object[] rest) {
    var all = new ArrayList<Object>(List.of(first));
    all.addAll(Arrays.asList(rest));
    return all.toArray();
  }

  private static long sizeBytes(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) bytes += Files.size(file);
      return bytes;
    }
  }
}
