package dev.mixwell.cli.index;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Meter;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.shard.Shard;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
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
    description =
        "Reads all files of an index and names the first that is damaged: of all generations, or of one of them.",
    footer = {
      "",
      "Examples:",
      "  mixwell index verify index",
      "  mixwell index verify index --generation 3"
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The index.")
  private Path directory = Path.of("");

  @Mixin private GenerationOption generation = new GenerationOption();

  @Mixin private final StoreOptions objects = new StoreOptions();

  @Mixin private JsonOption json = new JsonOption();

  @Spec private @Nullable CommandSpec spec;

  /** What is whole, the oldest first, for programs; damage is a failure instead. */
  private record Facts(String index, List<GenerationFacts> whole) {}

  /**
   * A generation that is whole.
   *
   * @param folder of its own files
   * @param manifest its digest
   */
  private record GenerationFacts(
      int number, String folder, long documents, long tokens, int shards, String manifest) {
    static GenerationFacts of(Generation generation, Manifest manifest) {
      return new GenerationFacts(
          generation.number(),
          generation.folder().toString(),
          manifest.documents(),
          manifest.tokens(),
          manifest.shards().size(),
          manifest.sha256());
    }

    void print(PrintWriter out) {
      out.printf(
          Locale.ROOT,
          "%s is whole: %,d documents, %,d tokens, shards: %d; manifest %s%n",
          folder,
          documents,
          tokens,
          shards,
          manifest);
    }
  }

  @Override
  public Integer call() throws IOException {
    var verified = new HashSet<ShardEntry>(); // most generations share most shards
    var whole = new ArrayList<GenerationFacts>();
    List<Generation> generations =
        generation.isStated() ? List.of(generation.of(directory)) : Generation.all(directory);
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    try (var meter = new Meter("verify", Meter.Unit.BYTES, tokenBytes(generations), err)) {
      for (Generation each : generations) {
        Manifest manifest = verify(each, verified, meter);
        verified.addAll(manifest.shards());
        whole.add(GenerationFacts.of(each, manifest));
      }
      meter.done();
    }
    json.print(
        new Facts(directory.toString(), whole), out -> whole.forEach(each -> each.print(out)));
    return Program.DONE;
  }

  /** Of all shards that the generations have, each counted once. */
  private static long tokenBytes(List<Generation> generations) {
    var shards = new HashSet<ShardEntry>();
    for (Generation each : generations) shards.addAll(Manifest.read(each).shards());
    return shards.stream().mapToLong(shard -> shard.tokens() * shard.type().sizeBytes()).sum();
  }

  private Manifest verify(Generation generation, Set<ShardEntry> verified, Meter meter)
      throws IOException {
    Path scratch = Files.createTempDirectory("mixwell-verify-");
    try (Catalog catalog = Catalog.open(generation);
        ShardStore store = ShardStore.caching(scratch, Long.MAX_VALUE, objects.access())) {
      Manifest manifest = catalog.manifest();
      manifest.verify(generation, verified);
      catalog.verify();
      for (ShardEntry entry : manifest.shards()) {
        if (verified.contains(entry)) continue;
        meter.remark(entry.name());
        try (Shard shard = store.open(generation.root(), entry)) {
          shard.checkAll(
              manifest.tokenizer().vocabularySize(),
              tokens -> meter.add(tokens * entry.type().sizeBytes()));
        }
        store.clear(); // what was decompressed is not needed again
      }
      return manifest;
    } finally {
      Files.deleteIfExists(scratch);
    }
  }
}
