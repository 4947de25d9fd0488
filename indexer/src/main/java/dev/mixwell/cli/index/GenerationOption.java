package dev.mixwell.cli.index;

import dev.mixwell.manifest.Generation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which generation a command reads. */
final class GenerationOption {
  @Option(
      names = "--generation",
      paramLabel = "N",
      description = "A generation that `mixwell index generations` lists (default: the newest).")
  private @Nullable Integer number;

  boolean isStated() {
    return number != null;
  }

  /**
   * @throws dev.mixwell.base.Refusal not-found
   */
  Generation of(Path root) {
    return number == null ? Generation.newest(root) : Generation.numbered(root, number);
  }
}
