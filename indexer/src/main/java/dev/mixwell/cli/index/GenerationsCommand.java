package dev.mixwell.cli.index;

import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mixwell index generations}: how an index became what it is. */
@Command(
    name = "generations",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the generations of an index: when each was made, what it holds, and what changed.",
      "A run reads the one whose manifest digest it was created on."
    },
    footer = {"", "Example:", "  mixwell index generations index"})
final class GenerationsCommand implements Callable<Integer> {
  private static final String ROW = "%6s  %-20s %8s %15s %18s  %-64s  %s%n";

  @Parameters(paramLabel = "DIR", description = "The index.")
  private Path directory = Path.of("");

  @Mixin private JsonOption json = new JsonOption();

  /** All generations, the oldest first, for programs. */
  private record Facts(String index, List<GenerationFacts> generations) {}

  /**
   * One of them.
   *
   * @param made when, UTC
   * @param manifest its digest
   * @param change from the one before, in words
   */
  private record GenerationFacts(
      int number,
      String made,
      int shards,
      long documents,
      long tokens,
      String manifest,
      String change) {}

  @Override
  public Integer call() throws IOException {
    var all = new ArrayList<GenerationFacts>();
    Manifest before = null;
    for (Generation generation : Generation.all(directory)) {
      Manifest manifest = Manifest.read(generation);
      all.add(facts(generation, manifest, before == null ? "made" : change(before, manifest)));
      before = manifest;
    }
    json.print(new Facts(directory.toString(), all), out -> print(out, all));
    return Program.DONE;
  }

  private static GenerationFacts facts(Generation generation, Manifest m, String change)
      throws IOException {
    Instant made =
        Files.getLastModifiedTime(generation.folder().resolve(Manifest.FILE)).toInstant();
    return new GenerationFacts(
        generation.number(),
        made.truncatedTo(ChronoUnit.SECONDS).toString(),
        m.shards().size(),
        m.documents(),
        m.tokens(),
        m.sha256(),
        change);
  }

  private static void print(PrintWriter out, List<GenerationFacts> all) {
    out.printf(
        Locale.ROOT, ROW, "number", "made", "shards", "documents", "tokens", "manifest", "change");
    for (GenerationFacts each : all)
      out.printf(
          Locale.ROOT,
          ROW,
          each.number,
          each.made,
          each.shards,
          "%,d".formatted(each.documents),
          "%,d".formatted(each.tokens),
          each.manifest,
          each.change);
  }

  private static String change(Manifest before, Manifest after) {
    var parts = new ArrayList<String>();
    count(parts, "added", without(after.shards(), before.shards()));
    count(parts, "removed", without(before.shards(), after.shards()));
    return parts.isEmpty() ? "tagged" : String.join(", ", parts);
  }

  private static void count(List<String> parts, String what, List<ShardEntry> shards) {
    if (shards.isEmpty()) return;
    long documents = shards.stream().mapToLong(ShardEntry::documents).sum();
    parts.add(
        String.format(
            Locale.ROOT, "%s shards: %d, documents: %,d", what, shards.size(), documents));
  }

  private static List<ShardEntry> without(List<ShardEntry> all, List<ShardEntry> others) {
    var known = new HashSet<>(others);
    return all.stream().filter(shard -> !known.contains(shard)).toList();
  }
}
