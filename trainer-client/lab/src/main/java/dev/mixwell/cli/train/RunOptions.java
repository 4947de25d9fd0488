package dev.mixwell.cli.train;

import dev.mixwell.api.RunSpec;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.Json;
import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.Program;
import dev.mixwell.client.RunClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which run, and how it is created. */
final class RunOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the server (default: ${DEFAULT-VALUE})")
  URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--run",
      paramLabel = "NAME",
      required = true,
      description = "the run to train on")
  String name = "";

  @Option(
      names = "--create-run",
      paramLabel = "FILE",
      description = "create it first from this JSON; changes nothing where it exists")
  @Nullable Path createFrom;

  @Option(
      names = "--batch-rows",
      paramLabel = "B",
      description =
          "rows of a step: with --create-run, instead of the file's; else must be the run's")
  @Nullable Integer batchRows;

  @Option(names = "--row-tokens", paramLabel = "T", description = "inputs of a row: likewise")
  @Nullable Integer rowTokens;

  /** Creates the run where that is asked for, and checks B and T. */
  void prepare(RunClient run) {
    if (createFrom != null) {
      var spec =
          new LinkedHashMap<Object, Object>((Map<?, ?>) Json.read(bytes(createFrom), Map.class));
      if (batchRows != null) spec.put("batchRows", batchRows);
      if (rowTokens != null) spec.put("rowTokens", rowTokens);
      run.create(Json.read(Json.writeBytes(spec), RunSpec.class));
      return;
    }
    RunSpec spec = run.describe().spec();
    check("--batch-rows", batchRows, spec.batchRows());
    check("--row-tokens", rowTokens, spec.rowTokens());
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandFailed(
          Program.REFUSED,
          "--create-run %s cannot be read: %s. Check the path.".formatted(file, IoReason.of(e)));
    }
  }

  private static void check(String option, @Nullable Integer asked, int is) {
    if (asked != null && asked != is)
      throw new IllegalArgumentException(
          option
              + " is "
              + asked
              + ", but the run has "
              + is
              + ": leave it out, or create another run");
  }
}
