package dev.mixwell.cli.index;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.KeyStatistics;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ValueBounds;
import dev.mixwell.manifest.ValueStatistics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixwell index stats}: how much there is of each value of a key. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = "Prints documents, tokens and bytes of text for each value of a metadata key.",
    footer = {
      "",
      "Examples:",
      "  mixwell index stats index                 the keys",
      "  mixwell index stats index --key source    the values of one key",
      "  mixwell index stats index --json"
    })
final class StatsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The index.")
  private Path directory = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The metadata key; without it, the keys themselves are counted.")
  private @Nullable String key;

  @Mixin private GenerationOption generation = new GenerationOption();

  @Mixin private JsonOption json = new JsonOption();

  /**
   * What is counted, for programs.
   *
   * @param keys all of them, without their values; null where one is asked for
   * @param key the one that was asked for
   */
  private record Facts(
      String index,
      int generation,
      long documents,
      long tokens,
      long bytes,
      @Nullable List<KeyFacts> keys,
      @Nullable KeyFacts key) {}

  /**
   * A key.
   *
   * @param different values; null if there are too many to count, or one is too long
   * @param values null where all keys are shown, or there are too many to list
   */
  private record KeyFacts(
      String name,
      String kinds,
      long documents,
      long tokens,
      long bytes,
      @Nullable Integer different,
      @Nullable ValueBounds numbers,
      @Nullable ValueBounds dates,
      @Nullable List<ValueStatistics> values) {
    static KeyFacts of(KeyStatistics key, boolean withValues) {
      var values = key.values();
      return new KeyFacts(
          key.name(),
          key.kinds(),
          key.documents(),
          key.tokens(),
          key.bytes(),
          values == null ? null : (Integer) values.size(),
          key.numbers(),
          key.dates(),
          withValues ? values : null);
    }
  }

  @Override
  public Integer call() {
    Generation read = generation.of(directory);
    try (Catalog catalog = Catalog.open(read)) {
      Manifest all = catalog.manifest();
      KeyStatistics one = key == null ? null : catalog.keys().key(key);
      json.print(
          facts(read, catalog, one),
          out -> {
            if (one == null) printKeys(out, catalog);
            else printValues(out, one, all);
          });
    }
    return Program.DONE;
  }

  private Facts facts(Generation read, Catalog catalog, @Nullable KeyStatistics one) {
    Manifest all = catalog.manifest();
    List<KeyFacts> keys =
        catalog.keys().keys().stream().map(each -> KeyFacts.of(each, false)).toList();
    return new Facts(
        directory.toString(),
        read.number(),
        all.documents(),
        all.tokens(),
        all.textBytes(),
        one == null ? keys : null,
        one == null ? null : KeyFacts.of(one, true));
  }

  private static void printKeys(PrintWriter out, Catalog catalog) {
    var rows = new ArrayList<ValueStatistics>();
    for (KeyStatistics k : catalog.keys().keys())
      rows.add(new ValueStatistics(k.name(), k.documents(), k.tokens(), k.bytes()));
    Manifest all = catalog.manifest();
    rows.add(new ValueStatistics("(all)", all.documents(), all.tokens(), all.textBytes()));
    print(out, "key", rows);
    out.println();
    printKinds(out, catalog.keys().keys());
  }

  private static void printKinds(PrintWriter out, List<KeyStatistics> keys) {
    int width = "key".length();
    for (KeyStatistics key : keys) width = Math.max(width, key.name().length());
    String row = "%-" + width + "s %-20s %12s  %s%n";
    out.printf(Locale.ROOT, row, "key", "values are", "different", "from to");
    for (KeyStatistics key : keys)
      out.printf(Locale.ROOT, row, key.name(), key.kinds(), different(key), bounds(key));
  }

  private static String different(KeyStatistics key) {
    var values = key.values();
    return values == null ? "many or long" : String.format(Locale.ROOT, "%,d", values.size());
  }

  private static String bounds(KeyStatistics key) {
    var bounds = new StringJoiner("; ");
    for (ValueBounds of : Arrays.asList(key.numbers(), key.dates()))
      if (of != null) bounds.add(of.least() + " to " + of.greatest());
    return bounds.toString();
  }

  private static void printValues(PrintWriter out, KeyStatistics key, Manifest all) {
    List<ValueStatistics> values = key.values();
    var rows = new ArrayList<ValueStatistics>();
    if (values == null)
      rows.add(
          new ValueStatistics("(too many to list)", key.documents(), key.tokens(), key.bytes()));
    else rows.addAll(values);
    if (key.documents() < all.documents())
      rows.add(
          new ValueStatistics(
              "(none)",
              all.documents() - key.documents(),
              all.tokens() - key.tokens(),
              all.textBytes() - key.bytes()));
    rows.sort(Comparator.comparingLong(ValueStatistics::tokens).reversed());
    print(out, key.name(), rows);
  }

  private static void print(PrintWriter out, String title, List<ValueStatistics> rows) {
    int width = title.length();
    for (ValueStatistics row : rows) width = Math.max(width, row.value().length());
    String name = "%-" + width + "s";
    out.printf(Locale.ROOT, name + " %15s %18s %18s%n", title, "documents", "tokens", "bytes");
    for (ValueStatistics row : rows)
      out.printf(
          Locale.ROOT,
          name + " %,15d %,18d %,18d%n",
          row.value(),
          row.documents(),
          row.tokens(),
          row.bytes());
  }
}
