package dev.mixwell.verify;

import dev.mixwell.base.Refusal;
import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Meter;
import dev.mixwell.cli.Program;
import dev.mixwell.serving.DataDirectory;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell verify-run}: recomputes a recorded run. */
@Command(
    name = "verify-run",
    mixinStandardHelpOptions = true,
    description = "Recomputes a recorded run from its feedback, and says what differs.",
    footer = {
      "",
      "Examples:",
      "  mixwell verify-run --data demo-data/server demo",
      "  mixwell verify-run /var/lib/mixwell/runs/pretrain-7b --json",
      "",
      "Exit status: 0 nothing differs; 1 something differs, or the record is damaged; 2 there is no such run.",
      "The hash chain is verified first: damage is reported with its sequence number. Nothing is",
      "written, so the run's server may go on."
    })
public final class VerifyRunCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The server's data directory; RUN is then a run's name.")
  private @Nullable Path data;

  @Parameters(paramLabel = "RUN", description = "A run's folder, or its name with --data.")
  private Path run = Path.of(".");

  @Mixin private JsonOption json = new JsonOption();

  @Override
  public Integer call() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    Path timeline = timeline();
    if (Files.notExists(timeline))
      throw new CommandFailed(
          Program.REFUSED,
          "There is no timeline %s: name a run's folder, or its server's --data directory and its name."
              .formatted(timeline));
    if (!Files.isReadable(timeline))
      throw new CommandFailed(
          Program.REFUSED,
          "The timeline %s cannot be read by this account: ask its owner, or use the server's account."
              .formatted(timeline));
    RunVerifier.Report report;
    try (var store = SqliteTimelineStore.openReadOnly(timeline);
        var meter = new Meter("verify-run", Meter.Unit.ENTRIES, 0, commandLine.getErr())) {
      report =
          new RunVerifier(store)
              .verify(
                  (entry, entries) -> {
                    meter.total(entries);
                    meter.at(entry);
                  });
      meter.done();
    }
    json.print(report, out -> print(out, report));
    return report.differences().isEmpty() ? Program.DONE : Program.FAILED;
  }

  private Path timeline() {
    try {
      return DataDirectory.timelineIn(
          data == null ? run : DataDirectory.runDirectory(data, run.toString()));
    } catch (Refusal noName) {
      throw new CommandFailed(Program.REFUSED, noName.detail());
    }
  }

  private static void print(PrintWriter out, RunVerifier.Report report) {
    report.differences().stream().limit(SHOWN).forEach(out::println);
    out.printf(
        Locale.ROOT,
        "%,d entries verified, %,d closes and %,d steps recomputed: %,d differences%n",
        report.entries(),
        report.closes(),
        report.steps(),
        report.differences().size());
  }
}
