package dev.mixwell.demo;

import dev.mixwell.launch.Launcher;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The whole of Mixwell on real text, in one command. */
@Command(
    name = "mixwell demo",
    mixinStandardHelpOptions = true,
    description = {
      "Fetches eight groups of real text, indexes them, starts a server, trains a small GPT on mixed batches,",
      "swaps the mixer half-way, kills the trainer once and resumes it from its checkpoint."
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

  @Spec private @Nullable CommandSpec spec;

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

  @Override
  public Integer call() throws Exception {
    if (spec != null && steps < FEWEST_STEPS)
      throw new ParameterException(
          spec.commandLine(),
          "--steps "
              + steps
              + " leaves no room for a swap and a restart; use "
              + FEWEST_STEPS
              + " or more");
    var launcher = Launcher.ofThisProcess();
    if (indexOnly) {
      Demo.prepareIndex(directory, launcher);
      return 0;
    }
    new Demo(new Demo.Settings(launcher, directory, mixer, steps, keep)).run();
    return 0;
  }
}
