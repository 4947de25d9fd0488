package dev.mixwell.cli.index;

import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell index shards}: what an index reads, and where. */
@Command(
    name = "shards",
    mixinStandardHelpOptions = true,
    version = IndexMain.VERSION,
    description =
        "Lists the shards of an index: the names that `remove` and `tag` take, and where.",
    footer = {
      "",
      "Examples:",
      "  mixwell index shards index",
      "  mixwell index shards index --generation 1"
    })
final class ShardsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The index.")
  private Path directory = Path.of("");

  @Mixin private GenerationOption generation = new GenerationOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<ShardEntry> shards = Manifest.read(generation.of(directory)).shards();
    int width = "name".length();
    for (ShardEntry shard : shards) width = Math.max(width, shard.name().length());
    String row = "%6s  %-" + width + "s  %-6s %15s %18s  %-4s  %s%n";
    out.printf(Locale.ROOT, row, "number", "name", "type", "documents", "tokens", "mask", "where");
    for (int i = 0; i < shards.size(); i++) {
      ShardEntry s = shards.get(i);
      out.printf(
          Locale.ROOT,
          row,
          i,
          s.name(),
          s.type().toString().toLowerCase(Locale.ROOT),
          "%,d".formatted(s.documents()),
          "%,d".formatted(s.tokens()),
          s.mask() == null ? "no" : "yes",
          s.file().location());
    }
    out.flush();
    return 0;
  }
}
