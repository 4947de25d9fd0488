package dev.mixwell.cli.index;

import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mixwell index shards}: what an index reads, and where. */
@Command(
    name = "shards",
    mixinStandardHelpOptions = true,
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

  @Mixin private JsonOption json = new JsonOption();

  /** What the generation reads, for programs. */
  private record Facts(String index, int generation, List<ShardFacts> shards) {}

  /**
   * A shard.
   *
   * @param where its tokens lie
   */
  private record ShardFacts(
      int number,
      String name,
      String type,
      long documents,
      long tokens,
      boolean hasMask,
      String where) {
    static ShardFacts of(int number, ShardEntry shard) {
      return new ShardFacts(
          number,
          shard.name(),
          shard.type().toString().toLowerCase(Locale.ROOT),
          shard.documents(),
          shard.tokens(),
          shard.mask() != null,
          shard.file().location());
    }
  }

  @Override
  public Integer call() {
    Generation read = generation.of(directory);
    var shards = new ArrayList<ShardFacts>();
    for (ShardEntry shard : Manifest.read(read).shards())
      shards.add(ShardFacts.of(shards.size(), shard));
    json.print(new Facts(directory.toString(), read.number(), shards), out -> print(out, shards));
    return Program.DONE;
  }

  private static void print(PrintWriter out, List<ShardFacts> shards) {
    int width = "name".length();
    for (ShardFacts shard : shards) width = Math.max(width, shard.name.length());
    String row = "%6s  %-" + width + "s  %-6s %15s %18s  %-4s  %s%n";
    out.printf(Locale.ROOT, row, "number", "name", "type", "documents", "tokens", "mask", "where");
    for (ShardFacts s : shards)
      out.printf(
          Locale.ROOT,
          row,
          s.number,
          s.name,
          s.type,
          "%,d".formatted(s.documents),
          "%,d".formatted(s.tokens),
          s.hasMask ? "yes" : "no",
          s.where);
  }
}
