package dev.mixwell.simulate;

import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Meter;
import dev.mixwell.cli.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares mixers in synthetic worlds: a table, and charts if a folder is named for them. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Compares mixers in synthetic worlds.",
      "Trains a synthetic model in worlds whose losses follow known laws, in virtual time, against the code that serves real trainers."
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

  @Mixin private JsonOption json = new JsonOption();

  /**
   * What the runs gave, for programs.
   *
   * @param charts the page with the charts; null where none is written
   */
  private record Facts(List<ComparisonReport.Numbers> runs, @Nullable String charts) {}

  /** The worlds that there are, for programs. */
  private record WorldList(List<WorldFacts> worlds) {}

  private record WorldFacts(String name, String description) {}

  @Override
  public Integer call() throws IOException {
    if (list) {
      list();
      return Program.DONE;
    }
    List<MixerComparison> comparisons = compare(wanted());
    var report = new ComparisonReport(comparisons);
    if (out != null) report.write(out);
    String page =
        out == null ? null : out.resolve("index.html").toAbsolutePath().normalize().toString();
    json.print(
        new Facts(report.numbers(), page),
        terminal -> {
          Table.print(comparisons, terminal);
          if (page != null) terminal.println("Charts: " + page);
        });
    return Program.DONE;
  }

  private List<List<List<Trial>>> wanted() {
    try {
      if (out != null) makeFolder(out);
      return trials();
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailed(Program.REFUSED, String.valueOf(wrong.getMessage()));
    }
  }

  private void list() {
    List<WorldFacts> all =
        Worlds.all().stream().map(w -> new WorldFacts(w.name(), w.description())).toList();
    json.print(
        new WorldList(all),
        terminal -> {
          for (WorldFacts world : all) terminal.printf("%-12s %s%n", world.name, world.description);
        });
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
    long runs = (long) trials.size() * trials.getFirst().size() * seeds;
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    try (var meter = new Meter("simulate", Meter.Unit.STEPS, runs * steps, err)) {
      for (List<List<Trial>> ofWorld : trials) {
        var outcomes = new ArrayList<List<Outcome>>();
        for (List<Trial> ofMixer : ofWorld) {
          Trial first = ofMixer.getFirst();
          meter.remark(first.world().name() + " " + first.mixer().label());
          outcomes.add(ofMixer.stream().map(trial -> trial.run(() -> meter.add(1))).toList());
        }
        comparisons.add(MixerComparison.of(ofWorld.getFirst().getFirst().world(), outcomes));
      }
      meter.remark("");
      meter.done();
    }
    return comparisons;
  }
}
