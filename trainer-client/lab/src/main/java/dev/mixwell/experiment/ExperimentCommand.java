package dev.mixwell.experiment;

import dev.mixwell.base.Nearest;
import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.EndsItself;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.ProblemException;
import dev.mixwell.demo.DemoIndex;
import dev.mixwell.experiment.record.Arm;
import dev.mixwell.experiment.record.ArmResult;
import dev.mixwell.experiment.record.ExperimentReader;
import dev.mixwell.experiment.record.ExperimentSpec;
import dev.mixwell.experiment.record.InvalidExperiment;
import dev.mixwell.experiment.record.Machine;
import dev.mixwell.experiment.report.ArmComparison;
import dev.mixwell.experiment.report.Report;
import dev.mixwell.launch.Launcher;
import dev.mixwell.launch.LocalServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell experiment}: mixers compared on real text. */
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    description = {
      "Compares mixers on real text, seed by seed.",
      "For every arm and seed of FILE it trains the same model from the same weights on the same rows of each group, against one server, and writes tables and pictures.",
      "What is finished stays: started again, it makes what is missing. A run that was interrupted is begun anew under another name.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  mixwell experiment trainer-client/lab/experiments/cpu.yaml",
      "  mixwell experiment cpu.yaml --only stratified,odm     these arms, and the references they need",
      "  mixwell experiment cpu.yaml --report                  only write the pages again",
      "",
      "FILE, as short as it can be:",
      "  name: first",
      "  steps: 200",
      "  arms:",
      "    - {name: stratified, mixer: {name: stratified}}",
      "    - {name: odm, mixer: {name: odm, parameters: {variant: reference}}}",
      "",
      "Its text is the demo's unless it names an index and groups. Results, report.md and report.html are in",
      ".mixwell/experiments/NAME unless it names an `output`.",
      "",
      "Exit status: 0 done, 1 a run failed (what is finished stays), 2 wrong usage or a FILE that cannot be used."
    })
public final class ExperimentCommand implements Callable<Integer>, EndsItself {
  @Spec private @Nullable CommandSpec commandSpec;

  @Parameters(paramLabel = "FILE", description = "what to compare, as YAML")
  private Path file = Path.of("");

  @Option(
      names = "--only",
      paramLabel = "ARM",
      split = ",",
      description = "make only these arms; the pages show all that is there")
  private List<String> only = List.of();

  @Option(names = "--report", description = "make nothing; only write the pages again")
  private boolean reportOnly;

  @Mixin private JsonOption json = new JsonOption();

  /**
   * What is there at the end, for programs.
   *
   * @param failed what could not be made, a sentence each
   * @param report the page for people
   */
  private record Facts(
      String name,
      List<ArmComparison.ArmFacts> arms,
      List<String> missing,
      List<String> failed,
      String report) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      ExperimentSpec spec = ExperimentReader.read(file);
      return run(spec, chosen(spec));
    } catch (InvalidExperiment e) {
      throw new CommandFailed(Program.REFUSED, String.valueOf(e.getMessage()));
    } catch (ProblemException e) {
      throw new CommandFailed(Program.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private Set<String> chosen(ExperimentSpec spec) {
    List<String> arms = spec.arms().stream().map(Arm::name).toList();
    for (String name : only)
      if (!arms.contains(name))
        throw new InvalidExperiment(
            "--only names `%s`, which is no arm of %s; did you mean `%s`?"
                .formatted(name, file, Nearest.of(name, arms)));
    return new LinkedHashSet<>(only);
  }

  private int run(ExperimentSpec spec, Set<String> chosen)
      throws IOException, InterruptedException {
    Path directory = spec.directory().toAbsolutePath();
    var experiment = new Experiment(spec, directory);
    List<Experiment.Pair> missing = reportOnly ? List.of() : experiment.missing(chosen);
    List<String> failed = missing.isEmpty() ? List.of() : make(experiment, spec, missing);
    List<ArmResult> results = experiment.results();
    if (results.isEmpty())
      throw new InvalidExperiment("there are no results in " + directory + " to write pages of");
    String command = "./mixwell experiment " + file;
    ArmComparison comparison = ArmComparison.of(spec, results);
    new Report(comparison, Files.readString(file), command).write(directory);
    if (missing.isEmpty() && !reportOnly) say("everything is done already");
    Path page = directory.resolve("report.md");
    var facts =
        new Facts(spec.name(), comparison.facts(), comparison.missing(), failed, page.toString());
    json.print(facts, out -> out.println("experiment: the pages: " + page + " and report.html"));
    for (String why : failed) err().println("experiment: FAILED: " + why);
    return failed.isEmpty() ? Program.DONE : Program.FAILED;
  }

  private List<String> make(
      Experiment experiment, ExperimentSpec spec, List<Experiment.Pair> missing)
      throws IOException, InterruptedException {
    var launcher = Launcher.ofThisProcess();
    Path directory = spec.directory().toAbsolutePath();
    Path index =
        spec.isDemo()
            ? DemoIndex.prepare(
                DemoIndex.DIRECTORY.toAbsolutePath(), launcher, "experiment", json.remarks())
            : Path.of(spec.corpus()).toAbsolutePath();
    Files.createDirectories(directory);
    Path log = directory.resolve("server.log");
    say("starting a server; its log is " + log);
    long steps = 0;
    for (Experiment.Pair pair : missing) steps += ArmRunner.steps(spec, pair.arm());
    say("%d runs to make (an arm and a seed each), %,d steps".formatted(missing.size(), steps));
    var origin = new Experiment.Origin(Machine.describe(), Machine.commit(launcher.home()));
    try (var server = LocalServer.start(launcher, index, directory.resolve("server"), log);
        var client = new MixwellClient(server.url());
        var progress = new ExperimentMeter(this::say, missing.size(), steps, err());
        var stop = new StopAtShutdown(progress)) {
      List<String> failed = experiment.run(client, missing, origin, progress);
      progress.allDone();
      return failed;
    }
  }

  private void say(String text) {
    PrintWriter out = json.remarks();
    out.println("experiment: " + text);
    out.flush();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(commandSpec).commandLine().getErr();
  }
}
