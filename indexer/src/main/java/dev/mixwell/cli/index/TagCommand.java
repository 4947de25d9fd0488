package dev.mixwell.cli.index;

import dev.mixwell.catalog.CatalogRewrite;
import dev.mixwell.cli.Interruptible;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import dev.mixwell.writing.Revision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mixwell index tag}: a generation with other metadata. */
@Command(
    name = "tag",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a generation of an index whose documents have other values of some metadata keys.",
      "A value that reads as a JSON number is one. Runs of earlier generations see no change."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell index tag --index index --set licence=cc0",
      "  mixwell index tag --index index --set quality=0.9 --set source=wiki --shards '*/wiki-*'"
    })
final class TagCommand implements Callable<Integer>, Interruptible {
  @Option(names = "--index", paramLabel = "DIR", required = true, description = "The index.")
  private Path index = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      required = true,
      description = "The key's only value from now on.")
  private Map<String, String> values = Map.of();

  @Option(
      names = "--shards",
      paramLabel = "GLOB",
      description = "Only documents of these, by names as `mixwell index shards` lists them.")
  private List<String> globs = List.of("*");

  @Mixin private JsonOption json = new JsonOption();

  private record Tagging(ShardNames tagged, Map<String, MetadataValue> values)
      implements CatalogRewrite.Change {
    @Override
    public boolean keeps(ShardEntry shard) {
      return true;
    }

    @Override
    public Metadata metadata(ShardEntry shard, String documentId, Metadata before) {
      if (!tagged.test(shard)) return before;
      var after = new TreeMap<>(before.values());
      values.forEach((key, value) -> after.put(key, List.of(value)));
      return new Metadata(after);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var parsed = new TreeMap<String, MetadataValue>();
    for (var set : values.entrySet())
      parsed.put(set.getKey(), TagValue.of(set.getKey(), set.getValue()));
    var named = new ShardNames(globs).requireSomeOf(Manifest.read(index).shards());
    Manifest manifest = Revision.run(index, new Tagging(named, parsed));
    IndexFacts facts = IndexFacts.of(index, manifest, null);
    json.print(facts, facts::printGeneration);
    return Program.DONE;
  }

  @Override
  public String whatIsLeft() {
    return IndexCommand.NOTHING_CHANGED;
  }
}
