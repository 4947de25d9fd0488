package dev.mixwell.demo;

import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.client.ProblemException;
import dev.mixwell.launch.Launcher;
import dev.mixwell.launch.LocalServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole of Mixwell on real text, in one command. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows all of Mixwell on real text: corpus, index, server, trainer.",
      "Fetches eight groups of text, indexes them, starts a server, trains a small GPT on mixed batches, swaps the mixer half-way, kills the trainer once and resumes it from its checkpoint."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell demo",
      "  mixwell demo --mixer odm:paper --steps 1000",
      "  mixwell demo --keep        the server stays up, to look at",
      "  mixwell demo --index-only  only the text and its index, for a server and a trainer of yours",
      "",
      "The first run downloads 39 MB of text (and PyTorch); later ones take what is there."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int FEWEST_STEPS = 40;

  @Option(
      names = "--mixer",
      paramLabel = "NAME[:VARIANT]",
      description = "the mixer that takes over half-way (default: ${DEFAULT-VALUE})")
  private String mixer = "odm:reference";

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "optimizer steps (default: ${DEFAULT-VALUE})")
  private int steps = 600;

  @Option(names = "--keep", description = "leave the server running until Ctrl-C")
  private boolean keep;

  @Option(names = "--index-only", description = "fetch and index the text, and stop there")
  private boolean indexOnly;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "where text, index, timeline and checkpoints go (default: ${DEFAULT-VALUE})")
  private Path directory = DemoIndex.DIRECTORY;

  @Mixin private JsonOption json = new JsonOption();

  /** Where the index is, for programs. */
  private record IndexFacts(String index) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (steps < FEWEST_STEPS)
      throw new CommandFailed(
          Program.REFUSED,
          "--steps %d leaves no room for a swap and a restart; use %d or more."
              .formatted(steps, FEWEST_STEPS));
    var launcher = Launcher.ofThisProcess();
    if (indexOnly) {
      Path index = Demo.prepareIndex(directory, launcher, json.remarks());
      json.print(new IndexFacts(index.toString()), out -> {});
      return Program.DONE;
    }
    try {
      new Demo(new Demo.Settings(launcher, directory, mixer, steps), json.remarks()).run(this::end);
    } catch (ProblemException e) {
      throw new CommandFailed(Program.FAILED, String.valueOf(e.getMessage()));
    }
    return Program.DONE;
  }

  private void end(Demo.Told told, LocalServer server) throws IOException, InterruptedException {
    json.print(told, out -> print(out, told));
    if (keep) server.awaitEnd();
  }

  private void print(PrintWriter out, Demo.Told told) {
    Summary summary = told.summary();
    out.println();
    out.print(summary.table());
    out.printf(
        Locale.ROOT,
        "demo: the largest share moved by %.4f; %d attempts; written to %s%n",
        summary.largestShareChange(),
        summary.attempts(),
        told.file());
    out.println("demo: the mixture over the steps, as a picture: " + told.picture());
    out.println(
        "demo: recompute it all with: ./mixwell verify-run --data " + told.data() + " demo");
    out.println(
        keep
            ? "demo: the server stays up until Ctrl-C; look at:"
            : "demo: with --keep the server would stay up for a look at:");
    for (String address : summary.urls()) out.println("  " + address);
  }
}
