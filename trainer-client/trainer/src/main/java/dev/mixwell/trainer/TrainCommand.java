package dev.mixwell.trainer;

import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.ProblemException;
import dev.mixwell.client.RunClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 110,
    description = {
      "Trains a GPT on the batches of a run and posts the losses of every group back.",
      "Uses the GPU if PyTorch sees one, else the CPU. Launched again, it goes on from its newest checkpoint.",
      "B and T belong to the run: they are set when it is created and do not change.",
      "Posts what the run's mixer awaits: losses of the batch, of held-out rows, against a reference model, or",
      "gradients by group, which take 4 bytes a parameter and group and a somewhat longer step.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  mixwell train --run demo --create-run run.json --steps 2000 --checkpoints checkpoints/demo",
      "  mixwell train --run demo --layers 4 --width 256 --heads 8 --learning-rate 1e-3 --report report.json",
      "  mixwell train --run proxy --reference-checkpoint checkpoints/demo      # where the mixer is doremi",
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage, 3 a newer launch has taken over."
    })
public final class TrainCommand implements Callable<Integer> {
  static final int FAILED = 1;
  static final int FENCED = 3;

  @Mixin private RunOptions runOptions = new RunOptions();
  @Mixin private TrainOptions trainOptions = new TrainOptions();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try (var client = new MixwellClient(runOptions.url)) {
      RunClient run = client.run(runOptions.name);
      runOptions.prepare(run);
      train(run);
      return 0;
    } catch (ProblemException e) {
      return failed(e, e.is(ProblemType.FENCED) ? FENCED : FAILED);
    } catch (Refusal | IllegalArgumentException | IOException | UncheckedIOException e) {
      return failed(e, FAILED);
    }
  }

  private void train(RunClient run) throws IOException, InterruptedException {
    TrainSettings settings = trainOptions.settings();
    TrainReport report;
    try (var training = new Training(run, settings);
        var progress = new Progress(settings.steps())) {
      report = training.run(progress);
    }
    double perSecond = report.tokens() / Math.max(1e-9, report.seconds());
    out()
        .printf(
            Locale.ROOT,
            "%s: steps %d to %d, %,d parameters on %s, %,d tokens, %,.0f a second%n",
            report.run(),
            report.fromStep(),
            report.toStep(),
            report.parameters(),
            report.device(),
            report.tokens(),
            perSecond);
    Path file = trainOptions.report;
    if (file != null) Files.writeString(file, Json.writePretty(report) + "\n");
  }

  private int failed(Exception e, int status) {
    err().println("train: " + e.getMessage());
    return status;
  }

  private PrintWriter out() {
    return java.util.Objects.requireNonNull(spec).commandLine().getOut();
  }

  private PrintWriter err() {
    return java.util.Objects.requireNonNull(spec).commandLine().getErr();
  }
}
