package dev.mixwell.verify;

import dev.mixwell.base.Refusal;
import dev.mixwell.serving.DataDirectory;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Recomputes a recorded run. The exit code is 1 if the record differs or is damaged, 2 if there is
 * none.
 */
@Command(
    name = "mixwell verify-run",
    mixinStandardHelpOptions = true,
    description =
        "Recomputes a recorded run from its feedback and reports what differs from the record.",
    footer = {
      "",
      "Examples:",
      "  mixwell verify-run --data demo-data/server demo",
      "  mixwell verify-run /var/lib/mixwell/runs/pretrain-7b",
      "",
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

  @Override
  public Integer call() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    Path timeline = timeline(commandLine);
    if (!Files.isRegularFile(timeline))
      throw new CommandLine.ParameterException(
          commandLine,
          "There is no timeline "
              + timeline
              + ": name a run's folder, or its server's --data directory and its name.");
    try (var store = SqliteTimelineStore.openReadOnly(timeline)) {
      try (var bar = bar()) {
        var verifier = new RunVerifier(store);
        return report(out, verifier.verify((entry, entries) -> bar.maxHint(entries).stepTo(entry)));
      }
    } catch (Refusal refusal) {
      out.println("damaged: " + refusal.detail());
      return 1;
    }
  }

  private Path timeline(CommandLine commandLine) {
    try {
      return DataDirectory.timelineIn(
          data == null ? run : DataDirectory.runDirectory(data, run.toString()));
    } catch (Refusal noName) {
      throw new CommandLine.ParameterException(commandLine, noName.detail());
    }
  }

  private static ProgressBar bar() {
    return new ProgressBarBuilder()
        .setTaskName("verify-run")
        .setUnit(" entries", 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .build();
  }

  private static int report(PrintWriter out, RunVerifier.Report report) {
    report.differences().stream().limit(SHOWN).forEach(out::println);
    out.printf(
        "%,d entries verified, %,d closes and %,d steps recomputed: %,d differences%n",
        report.entries(), report.closes(), report.steps(), report.differences().size());
    out.flush();
    return report.differences().isEmpty() ? 0 : 1;
  }
}
