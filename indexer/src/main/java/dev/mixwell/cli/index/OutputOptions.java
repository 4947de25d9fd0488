package dev.mixwell.cli.index;

import dev.mixwell.cli.JsonOption;
import dev.mixwell.ingest.IngestSpec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The index that a command makes, or adds to. */
final class OutputOptions {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The directory to make; it appears when it is whole.")
  private @Nullable Path directory;

  @Option(names = "--add", description = "Add to the index that is there, as its next generation.")
  private boolean add;

  @Option(names = "--force", description = "Replace an index that is there.")
  private boolean force;

  @Option(
      names = "--shard-tokens",
      paramLabel = "N",
      description =
          "Tokens after which a new shard begins, of those that are written here (default: ${DEFAULT-VALUE}).")
  private long shardTokens = IngestSpec.DEFAULT_SHARD_TOKENS;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that tokenize, and check shards (default: all cores); the output does not depend on it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--skip-empty", description = "Leave out documents with an empty text.")
  private boolean skipEmpty;

  /**
   * @throws ParameterException where it is not stated, or contradicts itself
   */
  Path directory(CommandLine command) {
    if (directory == null)
      throw new ParameterException(command, "Missing --out DIR: name the directory to make.");
    if (add && force) throw new ParameterException(command, "Say --add or --force, not both.");
    return directory;
  }

  boolean isAdded() {
    return add;
  }

  boolean isReplaced() {
    return force;
  }

  long shardTokens() {
    return shardTokens;
  }

  int threads() {
    return threads;
  }

  boolean skipsEmpty() {
    return skipEmpty;
  }

  /** Says what was made, or added. */
  void print(IndexFacts facts, JsonOption json) {
    json.print(facts, add ? facts::printGeneration : facts::printMade);
  }
}
