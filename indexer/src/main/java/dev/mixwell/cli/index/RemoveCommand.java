package dev.mixwell.cli.index;

import dev.mixwell.catalog.CatalogRewrite;
import dev.mixwell.cli.Interruptible;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.writing.Revision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixwell index remove}: a generation without some shards. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a generation of an index without some of its shards.",
      "Their files stay: runs of earlier generations read them."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell index remove ../data/web.bin --index index",
      "  mixwell index remove '*/books-*' --index index"
    })
final class RemoveCommand implements Callable<Integer>, Interruptible {
  @Parameters(
      paramLabel = "SHARD",
      arity = "1..*",
      description = "Names as `mixwell index shards` lists them, or globs of them.")
  private List<String> globs = List.of();

  @Option(names = "--index", paramLabel = "DIR", required = true, description = "The index.")
  private Path index = Path.of("");

  @Mixin private JsonOption json = new JsonOption();

  private record Removal(ShardNames removed) implements CatalogRewrite.Change {
    @Override
    public boolean keeps(ShardEntry shard) {
      return !removed.test(shard);
    }

    @Override
    public Metadata metadata(ShardEntry shard, String documentId, Metadata before) {
      return before;
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var named = new ShardNames(globs).requireSomeOf(Manifest.read(index).shards());
    Manifest manifest = Revision.run(index, new Removal(named));
    IndexFacts facts = IndexFacts.of(index, manifest, null);
    json.print(facts, facts::printGeneration);
    return Program.DONE;
  }

  @Override
  public String whatIsLeft() {
    return IndexCommand.NOTHING_CHANGED;
  }
}
