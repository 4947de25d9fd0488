package dev.mixwell.cli.index;

import dev.mixwell.catalog.CatalogRewrite;
import dev.mixwell.cli.InterruptAtShutdown;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.writing.Revision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell index remove}: a generation without some shards. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    version = IndexMain.VERSION,
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
final class RemoveCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "SHARD",
      arity = "1..*",
      description = "Names as `mixwell index shards` lists them, or globs of them.")
  private List<String> globs = List.of();

  @Option(names = "--index", paramLabel = "DIR", required = true, description = "The index.")
  private Path index = Path.of("");

  @Spec private @Nullable CommandSpec spec;

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
    try (var _ = new InterruptAtShutdown(Thread.currentThread())) {
      Manifest manifest = Revision.run(index, new Removal(named));
      GenerationLine.print(Objects.requireNonNull(spec), index, manifest);
    }
    return 0;
  }
}
