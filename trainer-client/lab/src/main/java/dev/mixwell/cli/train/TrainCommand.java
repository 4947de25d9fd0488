package dev.mixwell.cli.train;

import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.Interruptible;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.ProblemException;
import dev.mixwell.client.RetryPolicy;
import dev.mixwell.client.RunClient;
import dev.mixwell.client.Transport;
import dev.mixwell.trainer.TrainReport;
import dev.mixwell.trainer.TrainSettings;
import dev.mixwell.trainer.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mixwell train}: trains a small GPT against a server. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a small GPT on the batches of a run.",
      "Posts the losses of every group back. Uses the GPU if PyTorch sees one, else the CPU. Launched again, it goes on from its newest checkpoint.",
      "B and T belong to the run: they are set when it is created and do not change.",
      "Posts what the run's mixer awaits: losses of the batch, of held-out rows, against a reference model, or gradients by group, which take 4 bytes a parameter and group and a somewhat longer step.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  mixwell train --run demo --create-run run.json --steps 2000 --checkpoints checkpoints/demo",
      "  mixwell train --run demo --layers 4 --width 256 --heads 8 --learning-rate 1e-3 --report report.json",
      "  mixwell train --run proxy --reference-checkpoint checkpoints/demo      # where the mixer is doremi",
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage, 3 a newer launch has taken over, 130 interrupted."
    })
public final class TrainCommand implements Callable<Integer>, Interruptible {
  /** Exit status where a newer launch has taken over. */
  static final int FENCED = 3;

  private static final Duration FIRST_CONTACT = Duration.ofSeconds(5);

  @Mixin private RunOptions runOptions = new RunOptions();
  @Mixin private TrainOptions trainOptions = new TrainOptions();
  @Spec private @Nullable CommandSpec spec;

  @Mixin private JsonOption json = new JsonOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (var first = firstContact();
        var client = new MixwellClient(runOptions.url)) {
      runOptions.prepare(first.run(runOptions.name));
      TrainReport report = train(client.run(runOptions.name));
      Path file = trainOptions.report;
      if (file != null) Files.writeString(file, Json.writePretty(report) + "\n");
      json.print(report, out -> print(out, report));
      return Program.DONE;
    } catch (ProblemException e) {
      throw new CommandFailed(
          e.is(ProblemType.FENCED) ? FENCED : Program.FAILED, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) { // settings of a model or a rate that cannot be
      throw new CommandFailed(Program.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String whatIsLeft() {
    return trainOptions.checkpoints == null
        ? "Without --checkpoints nothing of it is kept."
        : "The same command goes on from the newest checkpoint.";
  }

  /** A training waits long for a server that is away; one that never was there is told soon. */
  private MixwellClient firstContact() {
    RetryPolicy usual = RetryPolicy.DEFAULT;
    var impatient =
        new RetryPolicy(
            FIRST_CONTACT, usual.undecidedFor(), usual.firstDelay(), Duration.ofSeconds(1));
    return new MixwellClient(new Transport(runOptions.url, Transport.Limits.DEFAULT), impatient);
  }

  private TrainReport train(RunClient run) throws IOException, InterruptedException {
    TrainSettings settings = trainOptions.settings();
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    try (var training = new Training(run, settings);
        var meter = new TrainMeter(settings.steps(), err)) {
      TrainReport report = training.run(meter);
      meter.done();
      return report;
    }
  }

  private static void print(PrintWriter out, TrainReport report) {
    double perSecond = report.tokens() / Math.max(1e-9, report.seconds());
    out.printf(
        Locale.ROOT,
        "%s: steps %d to %d, %,d parameters on %s, %,d tokens, %,.0f a second%n",
        report.run(),
        report.fromStep(),
        report.toStep(),
        report.parameters(),
        report.device(),
        report.tokens(),
        perSecond);
  }
}
