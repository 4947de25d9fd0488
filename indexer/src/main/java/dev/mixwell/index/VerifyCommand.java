package dev.mixwell.index;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.catalog.Manifest;
import dev.mixwell.catalog.ShardEntry;
import dev.mixwell.shard.Shard;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell index verify}: reads everything and compares it with the manifest. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    version = IndexMain.VERSION,
    description = "Reads all files of an index and names the first that is damaged.",
    footer = {"", "Example:", "  mixwell index verify index"})
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The index.")
  private Path directory = Path.of("");

  @Mixin private final StoreOptions objects = new StoreOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Manifest manifest = verify(directory);
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf(
        "%s is whole: %,d documents, %,d tokens, shards: %d; manifest %s%n",
        directory,
        manifest.documents(),
        manifest.tokens(),
        manifest.shards().size(),
        manifest.sha256());
    out.flush();
    return 0;
  }

  private Manifest verify(Path directory) throws IOException {
    Path scratch = Files.createTempDirectory("mixwell-verify-");
    try (Catalog catalog = Catalog.open(directory);
        ShardStore store = ShardStore.caching(scratch, Long.MAX_VALUE, objects.access())) {
      Manifest manifest = catalog.manifest();
      manifest.verify(directory);
      catalog.verify();
      for (ShardEntry entry : manifest.shards()) {
        try (Shard shard = store.open(directory, entry)) {
          shard.checkBlocks();
          shard.checkTokens(manifest.tokenizer().vocabularySize());
        }
        store.clear(); // what was decompressed is not needed again
      }
      return manifest;
    } finally {
      Files.deleteIfExists(scratch);
    }
  }
}
