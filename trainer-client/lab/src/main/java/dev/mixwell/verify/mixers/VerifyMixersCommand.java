package dev.mixwell.verify.mixers;

import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Replays a directory of golden vectors through the mixers and prints a line a file. The exit code
 * is 1 if a file failed or could not be read, 2 if there was nothing to read.
 */
@Command(
    name = "mixwell verify-mixers",
    mixinStandardHelpOptions = true,
    description = "Replays golden vectors through the mixers; exit code 1 if one differs.",
    footer = {
      "",
      "Examples:",
      "  mixwell verify-mixers vectors",
      "",
      "One JSON file a case: method, case, tolerance, config, and events with what is expected",
      "after each. Offline methods have vectors but no mixer: they are listed and not counted."
    })
public final class VerifyMixersCommand implements Callable<Integer> {
  private static final Map<String, Replay> REPLAYS =
      Map.ofEntries(
          Map.entry("ADO", new AdoReplay()),
          Map.entry("AIOLI", new AioliReplay()),
          Map.entry("AIOLI-DIAGONAL", new AioliReplay()),
          Map.entry("AIOLI-STATIC", new AioliReplay()),
          Map.entry("DOGE", new DogeReplay()),
          Map.entry("DOREMI", new DoremiReplay()),
          Map.entry("EGD-KERNEL", new EgdReplay()),
          Map.entry("ODM", new OdmReplay()),
          Map.entry("SKILL-IT", new SkillItReplay()),
          Map.entry("STATIC", new FixedReplay()),
          Map.entry("TEMPERATURE", new FixedReplay()));

  /** Beginnings of methods that have vectors but no online mixer. */
  private static final List<String> OFFLINE = List.of("DML", "REGMIX", "GRID");

  private enum Outcome {
    PASSED,
    FAILED,
    OFFLINE
  }

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Directory of *.json cases.")
  private Path directory = Path.of(".");

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    if (!Files.isDirectory(directory))
      throw new CommandLine.ParameterException(commandLine, directory + " is no directory");
    var files = new ArrayList<Path>();
    try (var json = Files.newDirectoryStream(directory, "*.json")) {
      json.forEach(files::add);
    }
    files.sort(null);
    if (files.isEmpty())
      throw new CommandLine.ParameterException(commandLine, "There is no *.json in " + directory);
    int[] counts = new int[Outcome.values().length];
    for (Path file : files) counts[verify(file, out).ordinal()]++;
    if (counts[Outcome.OFFLINE.ordinal()] > 0)
      out.println(counts[Outcome.OFFLINE.ordinal()] + " offline, not replayed");
    int failed = counts[Outcome.FAILED.ordinal()];
    out.println(counts[Outcome.PASSED.ordinal()] + " passed, " + failed + " failed");
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private static Outcome verify(Path path, PrintWriter out) {
    try {
      VectorFile file = VectorFile.read(path);
      Replay replay = REPLAYS.get(file.family());
      if (replay != null) return replay(file, replay, out);
      for (String method : OFFLINE)
        if (file.method().startsWith(method)) {
          out.printf("offline, not replayed  %s  %s%n", file.name(), file.method());
          return Outcome.OFFLINE;
        }
      out.printf("FAILED  %s  %s  there is no mixer for this method%n", file.name(), file.method());
    } catch (IOException | IllegalArgumentException | Refusal e) {
      out.printf("FAILED  %s  cannot be replayed: %s%n", path.getFileName(), e.getMessage());
    }
    return Outcome.FAILED;
  }

  private static Outcome replay(VectorFile file, Replay replay, PrintWriter out) {
    var deviations = new Deviations(file.tolerance());
    replay.replay(file, deviations);
    String problem = deviations.problem();
    out.printf(
        Locale.ROOT,
        "%s  %s  %s  %d events  max error %.1e%s%n",
        problem == null ? "ok" : "FAILED",
        file.name(),
        file.method(),
        file.events().size(),
        deviations.largestError(),
        problem == null ? "" : "  " + problem);
    return problem == null ? Outcome.PASSED : Outcome.FAILED;
  }
}
