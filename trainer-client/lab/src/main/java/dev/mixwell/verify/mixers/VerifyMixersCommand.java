package dev.mixwell.verify.mixers;

import dev.mixwell.base.Refusal;
import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mixwell verify-mixers}: replays golden vectors, and prints a line a file. */
@Command(
    name = "verify-mixers",
    mixinStandardHelpOptions = true,
    description = "Replays golden vectors through the mixers, and compares what they decide.",
    footer = {
      "",
      "Examples:",
      "  mixwell verify-mixers vectors",
      "  mixwell verify-mixers vectors --json",
      "",
      "One JSON file a case: method, case, tolerance, config, and events with what is expected",
      "after each. Offline methods have vectors but no mixer: they are listed and not counted.",
      "Exit status: 0 all pass; 1 one differs or cannot be read; 2 there is none."
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

  @Parameters(paramLabel = "DIR", description = "Directory of *.json cases.")
  private Path directory = Path.of(".");

  @Mixin private JsonOption json = new JsonOption();

  /** All files, for programs. */
  private record Facts(int passed, int failed, int offline, List<CaseFacts> cases) {
    static Facts of(List<CaseFacts> cases) {
      return new Facts(
          count(cases, Outcome.PASSED),
          count(cases, Outcome.FAILED),
          count(cases, Outcome.OFFLINE),
          cases);
    }

    private static int count(List<CaseFacts> cases, Outcome outcome) {
      return (int) cases.stream().filter(c -> c.outcome == outcome).count();
    }
  }

  /**
   * A file.
   *
   * @param method null if it cannot be read
   * @param maxError null if it was not replayed
   * @param problem null if it passed
   */
  private record CaseFacts(
      String name,
      @Nullable String method,
      Outcome outcome,
      int events,
      @Nullable Double maxError,
      @Nullable String problem) {
    static CaseFacts notReplayed(VectorFile file, Outcome outcome, @Nullable String problem) {
      return new CaseFacts(file.name(), file.method(), outcome, 0, null, problem);
    }

    void print(PrintWriter out) {
      String end = problem == null ? "" : "  " + problem;
      if (outcome == Outcome.OFFLINE) out.printf("offline, not replayed  %s  %s%n", name, method);
      else if (method == null) out.printf("FAILED  %s%s%n", name, end);
      else if (maxError == null) out.printf("FAILED  %s  %s%s%n", name, method, end);
      else
        out.printf(
            Locale.ROOT,
            "%s  %s  %s  %d events  max error %.1e%s%n",
            outcome == Outcome.PASSED ? "ok" : "FAILED",
            name,
            method,
            events,
            maxError,
            end);
      out.flush();
    }
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(directory))
      throw new CommandFailed(Program.REFUSED, directory + " is no directory. Check the path.");
    var files = new ArrayList<Path>();
    try (var vectors = Files.newDirectoryStream(directory, "*.json")) {
      vectors.forEach(files::add);
    }
    files.sort(null);
    if (files.isEmpty())
      throw new CommandFailed(
          Program.REFUSED, "There is no *.json in " + directory + ". Name a directory of cases.");
    var cases = new ArrayList<CaseFacts>();
    for (Path file : files) {
      cases.add(verify(file));
      cases.getLast().print(json.remarks());
    }
    Facts facts = Facts.of(cases);
    json.print(facts, out -> print(out, facts));
    return facts.failed == 0 ? Program.DONE : Program.FAILED;
  }

  private static void print(PrintWriter out, Facts facts) {
    if (facts.offline > 0) out.println(facts.offline + " offline, not replayed");
    out.println(facts.passed + " passed, " + facts.failed + " failed");
  }

  private static CaseFacts verify(Path path) {
    try {
      VectorFile file = VectorFile.read(path);
      Replay replay = REPLAYS.get(file.family());
      if (replay != null) return replay(file, replay);
      for (String method : OFFLINE)
        if (file.method().startsWith(method))
          return CaseFacts.notReplayed(file, Outcome.OFFLINE, null);
      return CaseFacts.notReplayed(file, Outcome.FAILED, "there is no mixer for this method");
    } catch (IOException | IllegalArgumentException | Refusal e) {
      String problem = "cannot be replayed: " + e.getMessage();
      return new CaseFacts(
          String.valueOf(path.getFileName()), null, Outcome.FAILED, 0, null, problem);
    }
  }

  private static CaseFacts replay(VectorFile file, Replay replay) {
    var deviations = new Deviations(file.tolerance());
    replay.replay(file, deviations);
    String problem = deviations.problem();
    return new CaseFacts(
        file.name(),
        file.method(),
        problem == null ? Outcome.PASSED : Outcome.FAILED,
        file.events().size(),
        deviations.largestError(),
        problem);
  }
}
