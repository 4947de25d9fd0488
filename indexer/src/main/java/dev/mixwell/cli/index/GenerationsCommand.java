package dev.mixwell.cli.index;

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
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell index generations}: how an index became what it is. */
@Command(
    name = "generations",
    mixinStandardHelpOptions = true,
    version = IndexMain.VERSION,
    description = {
      "Lists the generations of an index: when each was made, what it holds, and what changed.",
      "A run reads the one whose manifest digest it was created on."
    },
    footer = {"", "Example:", "  mixwell index generations index"})
final class GenerationsCommand implements Callable<Integer> {
  private static final String ROW = "%6s  %-20s %8s %15s %18s  %-64s  %s%n";

  @Parameters(paramLabel = "DIR", description = "The index.")
  private Path directory = Path.of("");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf(
        Locale.ROOT, ROW, "number", "made", "shards", "documents", "tokens", "manifest", "change");
    Manifest before = null;
    for (Generation generation : Generation.all(directory)) {
      Manifest manifest = Manifest.read(generation);
      print(out, generation, manifest, before == null ? "made" : change(before, manifest));
      before = manifest;
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, Generation generation, Manifest m, String change)
      throws IOException {
    Instant made =
        Files.getLastModifiedTime(generation.folder().resolve(Manifest.FILE)).toInstant();
    out.printf(
        Locale.ROOT,
        ROW,
        generation.number(),
        made.truncatedTo(ChronoUnit.SECONDS),
        m.shards().size(),
        "%,d".formatted(m.documents()),
        "%,d".formatted(m.tokens()),
        m.sha256(),
        change);
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
