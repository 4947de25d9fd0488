package dev.mixwell.cli.index;

import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Manifest;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** Says which generation was made. */
final class GenerationLine {
  private GenerationLine() {}

  static void print(CommandSpec spec, Path index, Manifest manifest) {
    var out = spec.commandLine().getOut();
    out.printf(
        "%s, generation %d: %,d documents, %,d tokens, shards: %d; manifest %s%n",
        index,
        Generation.newest(index).number(),
        manifest.documents(),
        manifest.tokens(),
        manifest.shards().size(),
        manifest.sha256());
    out.flush();
  }
}
