package dev.mixwell.experiment;

import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.ProblemException;
import dev.mixwell.experiment.record.Arm;
import dev.mixwell.experiment.record.ArmResult;
import dev.mixwell.experiment.record.Conditions;
import dev.mixwell.experiment.record.ExperimentSpec;
import dev.mixwell.experiment.record.InvalidExperiment;
import dev.mixwell.experiment.record.Results;
import dev.mixwell.experiment.record.StageResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Every arm with every seed, seed by seed, so that what is there can be compared early. What is
 * finished is not made again.
 */
final class Experiment {
  private final ExperimentSpec spec;
  private final Path directory;
  private final Results results;

  /** An arm and a seed. */
  record Pair(Arm arm, long seed) {
    @Override
    public String toString() {
      return arm.name() + ", seed " + seed;
    }
  }

  /**
   * Where results come from.
   *
   * @param machine in words
   * @param commit of the code
   */
  record Origin(String machine, String commit) {}

  /**
   * @param directory of the experiment's results and pages
   */
  Experiment(ExperimentSpec spec, Path directory) {
    this.spec = spec;
    this.directory = directory;
    this.results = new Results(directory.resolve("results"));
  }

  /** All there is, by arm and then by seed, in the order of the file. */
  List<ArmResult> results() throws IOException {
    var found = new ArrayList<ArmResult>();
    for (Arm arm : spec.arms())
      for (long seed : spec.seeds()) {
        ArmResult result = results.find(Conditions.of(spec, arm), seed);
        if (result != null) found.add(result);
      }
    return found;
  }

  /**
   * What is not done yet, in the order in which it is to be made.
   *
   * @param only names of arms; the references that they need come with them; empty for all
   * @throws InvalidExperiment if something is done under other conditions
   */
  List<Pair> missing(Set<String> only) throws IOException {
    var missing = new ArrayList<Pair>();
    for (long seed : spec.seeds())
      for (Arm arm : spec.arms())
        if (isWanted(arm, only) && results.find(Conditions.of(spec, arm), seed) == null)
          missing.add(new Pair(arm, seed));
    return missing;
  }

  private boolean isWanted(Arm arm, Set<String> only) {
    return only.isEmpty()
        || only.contains(arm.name())
        || spec.arms().stream()
            .anyMatch(a -> only.contains(a.name()) && arm.name().equals(a.reference()));
  }

  /**
   * Makes what is missing. A pair that the server or its mixer refuses is left out, and the others
   * go on.
   *
   * @return what failed, a line each
   * @throws java.io.UncheckedIOException if the server is gone
   */
  List<String> run(
      MixwellClient client, List<Pair> missing, Origin origin, ExperimentMeter progress)
      throws IOException, InterruptedException {
    var stages = new StageRunner(client, spec, directory.resolve("checkpoints"), progress);
    var runner = new ArmRunner(spec, results, stages);
    check(runner, missing);
    var failed = new ArrayList<String>();
    for (Pair pair : missing) {
      progress.begin(pair);
      try {
        List<StageResult> made = runner.run(pair.arm(), pair.seed());
        var at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        var result =
            new ArmResult(
                Conditions.of(spec, pair.arm()),
                pair.seed(),
                made,
                new ArmResult.Made(origin.machine(), origin.commit(), at));
        results.save(result);
        progress.finished(pair, result.testPerplexity());
      } catch (ProblemException | InvalidExperiment e) {
        failed.add(pair + ": " + e.getMessage());
        progress.failed(pair, e);
      }
    }
    return failed;
  }

  /** Of each arm once: a mistake in the last arm is told before the first has trained. */
  private static void check(ArmRunner runner, List<Pair> missing) {
    var checked = new ArrayList<Arm>();
    for (Pair pair : missing) {
      if (checked.contains(pair.arm())) continue;
      checked.add(pair.arm());
      try {
        runner.check(pair.arm(), pair.seed());
      } catch (ProblemException e) {
        throw new InvalidExperiment("the arm `" + pair.arm().name() + "`: " + e.getMessage());
      }
    }
  }
}
