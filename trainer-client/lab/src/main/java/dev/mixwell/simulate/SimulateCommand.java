package dev.mixwell.simulate;

import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares mixers in synthetic worlds: a table, and charts if a folder is named for them. */
@Command(
    name = "mixwell simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a synthetic model in worlds whose losses follow known laws, in virtual",
      "time, against the code that serves real trainers, and compares the mixers."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell simulate",
      "  mixwell simulate --worlds hard --mixers odm,odm:reference:alpha=0.9 --seeds 5",
      "  mixwell simulate --worlds slimpajama --steps 10000 --out charts",
      "",
      "A mixer is NAME[:VARIANT][:PARAMETER=VALUE]... . Stratified is always tried, to",
      "compare with. Left out, static's weights are the groups' natural shares, and",
      "skill-it's graph is measured. All but steps/s follows from the seeds, which are",
      "0, 1, 2 ..., and is the same each time."
    })
public final class SimulateCommand implements Callable<Integer> {
  private static final String BASELINE = "stratified";

  /** A run's timeline is in memory. */
  private static final long MOST_STEPS = 1_000_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--mixers",
      split = ",",
      paramLabel = "MIXER",
      description = "what to compare (default: ${DEFAULT-VALUE})",
      defaultValue =
          "static,odm,odm:reference,doremi,doge,skill-it,ado:ignoreSteps=100:startStep=400,aioli")
  private List<String> mixers = List.of();

  @Option(
      names = "--worlds",
      split = ",",
      paramLabel = "WORLD",
      description = "where; --list tells of them (default: all)")
  private List<String> worlds = Worlds.names();

  @Option(names = "--list", description = "describe the worlds and end")
  private boolean list;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "optimizer steps of a run (default: ${DEFAULT-VALUE})")
  private long steps = 2_000;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "runs of each mixer in each world (default: ${DEFAULT-VALUE})")
  private int seeds = 1;

  @Option(
      names = "--rows",
      paramLabel = "B",
      description = "rows of a step, of 128 tokens each (default: ${DEFAULT-VALUE})")
  private int rows = 64;

  @Option(
      names = "--lookahead",
      paramLabel = "L",
      description =
          "a close decides the step L later; L - 1 prefetched (default: ${DEFAULT-VALUE})")
  private int lookahead = 8;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for numbers.json, charts and index.html (default: none are written)")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter terminal = commandLine.getOut();
    if (list) {
      for (World world : Worlds.all())
        terminal.printf("%-12s %s%n", world.name(), world.description());
      return 0;
    }
    List<MixerComparison> comparisons;
    try {
      if (out != null) makeFolder(out);
      comparisons = compare(trials());
    } catch (Refusal refusal) {
      throw new ParameterException(commandLine, refusal.detail());
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(commandLine, wrong.getMessage());
    }
    Table.print(comparisons, terminal);
    if (out != null) {
      new Report(comparisons).write(out);
      terminal.println("Charts: " + out.resolve("index.html").toAbsolutePath().normalize());
    }
    terminal.flush();
    return 0;
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--out " + folder + " is no folder and cannot be made one.", e);
    }
  }

  /** By world, then mixer, then seed. Refused before the first is run. */
  private List<List<List<Trial>>> trials() {
    if (steps < 1 || steps > MOST_STEPS)
      throw new IllegalArgumentException(
          "--steps is %d; use 1 to %d.".formatted(steps, MOST_STEPS));
    if (seeds < 1) throw new IllegalArgumentException("--seeds is " + seeds + "; use 1 or more.");
    var names = new ArrayList<>(mixers);
    names.remove(BASELINE);
    names.addFirst(BASELINE);
    var trials = new ArrayList<List<List<Trial>>>();
    for (String world : worlds) {
      var ofWorld = new ArrayList<List<Trial>>();
      for (String mixer : names) ofWorld.add(trials(Worlds.of(world), MixerChoice.parse(mixer)));
      trials.add(ofWorld);
    }
    return trials;
  }

  private List<Trial> trials(World world, MixerChoice mixer) {
    Setting setting = Setting.of(steps, rows, lookahead);
    var trials = new ArrayList<Trial>();
    for (int seed = 0; seed < seeds; seed++) trials.add(new Trial(world, mixer, setting, seed));
    trials.getFirst().open();
    return trials;
  }

  private List<MixerComparison> compare(List<List<List<Trial>>> trials) {
    var comparisons = new ArrayList<MixerComparison>();
    try (ProgressBar bar = bar(trials)) {
      for (List<List<Trial>> ofWorld : trials) {
        var outcomes = new ArrayList<List<Outcome>>();
        for (List<Trial> ofMixer : ofWorld) {
          Trial first = ofMixer.getFirst();
          bar.setExtraMessage(first.world().name() + " " + first.mixer().label());
          outcomes.add(ofMixer.stream().map(trial -> trial.run(bar::step)).toList());
        }
        comparisons.add(MixerComparison.of(ofWorld.getFirst().getFirst().world(), outcomes));
      }
    }
    return comparisons;
  }

  private ProgressBar bar(List<List<List<Trial>>> trials) {
    long runs = (long) trials.size() * trials.getFirst().size() * seeds;
    return new ProgressBarBuilder()
        .setTaskName("simulate")
        .setUnit(" steps", 1)
        .setInitialMax(runs * steps)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .build();
  }
}
