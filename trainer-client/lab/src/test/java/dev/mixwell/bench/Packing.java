package dev.mixwell.bench;

import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.group.PackingCounts;
import dev.mixwell.group.PackingPlan;
import dev.mixwell.group.ResolvedGroup;
import dev.mixwell.opened.Dataset;
import dev.mixwell.proofs.Corpus;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What packing does to the documents of an index: how many are cut, and how much is padding, where
 * rows are cut out of one stream ({@code concat}) and where whole documents are packed ({@code
 * best-fit}); and how long the plan takes.
 */
public final class Packing {
  private static final List<Integer> ROW_TOKENS = List.of(512, 1_024, 2_048, 4_096, 8_192);

  private Packing() {}

  /**
   * @param arguments the index, {@code --row-tokens T}, {@code --query QUERY}
   */
  public static void main(String[] arguments) throws IOException {
    String index = null;
    String query = "*:*";
    List<Integer> rowTokens = ROW_TOKENS;
    for (int i = 0; i < arguments.length; i++)
      switch (arguments[i]) {
        case "--row-tokens" -> rowTokens = List.of(Integer.valueOf(value(arguments, ++i)));
        case "--query" -> query = value(arguments, ++i);
        default -> index = arguments[i];
      }
    if (index == null) throw new IllegalArgumentException("name the folder of an index");
    try (var dataset = Dataset.open(Path.of(index), ShardStore.ofPlainFiles())) {
      ResolvedGroup group = new GroupResolver(dataset).resolve("all", query, 0);
      say("%,d documents, %,d tokens", group.documents(), group.training().tokens());
      say(
          "%6s  %12s %12s  %12s %12s  %10s %8s  %8s",
          "T",
          "cut, concat",
          "cut, best",
          "rows, concat",
          "rows, best",
          "more rows",
          "padding",
          "plan");
      for (int t : rowTokens) measure(dataset, group, t);
    }
  }

  static String[] smallest(Path folder) throws IOException, InterruptedException {
    Path index = Corpus.write(folder, List.of("\"tag\": \"g\""), 200, 100);
    return new String[] {index.toString(), "--row-tokens", "64"};
  }

  private static String value(String[] arguments, int at) {
    if (at >= arguments.length)
      throw new IllegalArgumentException(arguments[at - 1] + " needs a value");
    return arguments[at];
  }

  private static void measure(Dataset dataset, ResolvedGroup group, int rowTokens)
      throws IOException {
    Path folder = Files.createTempDirectory("mixwell-packing");
    Path file = folder.resolve("rows");
    try {
      var millis = new ArrayList<Double>();
      PackingCounts counts = null;
      for (int i = 0; i < 3; i++) {
        long begunNanos = System.nanoTime();
        counts = PackingPlan.write(dataset.shards(), group.training(), rowTokens, file).counts();
        millis.add(1e-6 * (System.nanoTime() - begunNanos));
      }
      if (counts != null) say(rowTokens, group, counts, millis.stream().sorted().toList().get(1));
    } finally {
      try (var files = Files.list(folder)) {
        for (Path left : files.toList()) Files.delete(left);
      }
      Files.delete(folder);
    }
  }

  private static void say(int rowTokens, ResolvedGroup group, PackingCounts counts, double millis) {
    long cut = GroupRows.rows(group.training().tokens(), rowTokens);
    double documents = counts.documents();
    double cells = (double) counts.rows() * (rowTokens + 1);
    say(
        "%6d  %11.2f%% %11.2f%%  %,12d %,12d  %9.2f%% %7.3f%%  %,5.0f ms",
        rowTokens,
        100 * counts.truncatedByConcat() / documents,
        100 * counts.truncatedDocuments() / documents,
        cut,
        counts.rows(),
        100.0 * (counts.rows() - cut) / cut,
        100 * counts.paddingTokens() / cells,
        millis);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
