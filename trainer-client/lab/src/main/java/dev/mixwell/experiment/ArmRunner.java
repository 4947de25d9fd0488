package dev.mixwell.experiment;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.MixerView;
import dev.mixwell.experiment.record.Arm;
import dev.mixwell.experiment.record.ArmResult;
import dev.mixwell.experiment.record.Conditions;
import dev.mixwell.experiment.record.ExperimentSpec;
import dev.mixwell.experiment.record.InvalidExperiment;
import dev.mixwell.experiment.record.Results;
import dev.mixwell.experiment.record.Stage;
import dev.mixwell.experiment.record.StageResult;
import dev.mixwell.trainer.TrainReport.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes all runs that an arm needs with one seed; those that are finished are not made again. */
public final class ArmRunner {
  private final ExperimentSpec spec;
  private final Results results;
  private final StageRunner runner;

  ArmRunner(ExperimentSpec spec, Results results, StageRunner runner) {
    this.spec = spec;
    this.results = results;
    this.runner = runner;
  }

  /** Steps of all runs of an arm with one seed. */
  public static long steps(ExperimentSpec spec, Arm arm) {
    long steps = arm.thenStatic() ? 2L * spec.steps() : spec.steps();
    Arm.LearnGraph graph = arm.learnGraph();
    return steps + (graph == null ? 0 : (long) graph.steps() * spec.groupNames().size());
  }

  /**
   * Has the server look at the arm's run, as far as its mixer is known before any training.
   *
   * @throws dev.mixwell.client.ProblemException if it refuses the run
   * @throws InvalidExperiment if the mixer goes by a reference model and the arm names none
   */
  void check(Arm arm, long seed) {
    if (arm.learnGraph() != null) return;
    MixerView mixer = runner.check(adapting(arm, seed, arm.mixer(), null));
    if (mixer.awaits() == FeedbackKind.EXCESS && arm.reference() == null)
      throw new InvalidExperiment(
          "the arm `%s` needs a `reference`: its mixer `%s` goes by losses in excess of a reference model's. Name an arm that trains it, such as `%s`."
              .formatted(arm.name(), mixer.name(), spec.baseline()));
  }

  /** Every run of the arm that is not finished, in order. */
  List<StageResult> run(Arm arm, long seed) throws IOException, InterruptedException {
    var stages = new ArrayList<StageResult>();
    MixerSpec mixer = arm.mixer();
    Arm.LearnGraph learn = arm.learnGraph();
    if (learn != null) {
      for (Stage stage : graphStages(arm, seed, learn.steps())) stages.add(part(arm, stage));
      mixer = with(mixer, Arm.GRAPH, graph(stages));
    }
    StageResult adapted = part(arm, adapting(arm, seed, mixer, reference(arm, seed)));
    stages.add(adapted);
    if (arm.thenStatic()) {
      var fixed = new MixerSpec("static", Map.of("weights", average(arm, adapted)));
      stages.add(part(arm, main(arm, seed, fixed, null)));
    }
    return stages;
  }

  private StageResult part(Arm arm, Stage stage) throws IOException, InterruptedException {
    Conditions conditions = Conditions.of(spec, arm);
    StageResult done = results.findPart(conditions, stage);
    if (done != null) return done;
    StageResult result = runner.run(stage);
    results.savePart(conditions, stage, result);
    return result;
  }

  /** The run that the arm's mixer adapts. */
  private Stage adapting(Arm arm, long seed, MixerSpec mixer, @Nullable Path reference) {
    if (!arm.thenStatic()) return main(arm, seed, mixer, reference);
    String name = name(arm, seed) + "-proxy";
    return new Stage(name, Stage.Role.PROXY, seed, mixer, spec.steps(), reference, false);
  }

  private Stage main(Arm arm, long seed, MixerSpec mixer, @Nullable Path reference) {
    return new Stage(
        name(arm, seed),
        Stage.Role.MAIN,
        seed,
        mixer,
        spec.steps(),
        reference,
        spec.isReference(arm));
  }

  private List<Stage> graphStages(Arm arm, long seed, int steps) {
    var stages = new ArrayList<Stage>();
    for (String group : spec.groupNames()) {
      String name = name(arm, seed) + "-graph-" + stages.size();
      var weights = new LinkedHashMap<String, Integer>();
      for (String other : spec.groupNames()) weights.put(other, other.equals(group) ? 1 : 0);
      var alone = new MixerSpec("static", Map.of("weights", weights));
      stages.add(new Stage(name, Stage.Role.GRAPH, seed, alone, steps, null, false));
    }
    return stages;
  }

  /** By the group trained on, then by the group evaluated: the relative decrease of its loss. */
  private Map<String, Map<String, Double>> graph(List<StageResult> alone) {
    var graph = new LinkedHashMap<String, Map<String, Double>>();
    for (int j = 0; j < alone.size(); j++) {
      Evaluation start = alone.get(j).validation().getFirst();
      Evaluation end = alone.get(j).validation().getLast();
      var row = new LinkedHashMap<String, Double>();
      start
          .losses()
          .forEach(
              (group, from) ->
                  row.put(group, (from - end.losses().getOrDefault(group, from)) / from));
      graph.put(spec.groupNames().get(j), row);
    }
    return graph;
  }

  private static Map<String, Double> average(Arm arm, StageResult adapted) {
    Map<String, Double> average = adapted.average();
    if (average != null) return average;
    throw new InvalidExperiment(
        "the arm `%s` has `thenStatic`, but its mixer `%s` keeps no running average of its proportions: leave it out."
            .formatted(arm.name(), arm.mixer().name()));
  }

  private @Nullable Path reference(Arm arm, long seed) throws IOException {
    String name = arm.reference();
    if (name == null) return null;
    Arm reference = spec.arm(name);
    ArmResult trained = results.find(Conditions.of(spec, reference), seed);
    if (trained == null)
      throw new InvalidExperiment(
          "the reference `%s` of the arm `%s` is not trained with seed %d."
              .formatted(name, arm.name(), seed));
    Path model = runner.model(trained.main().run());
    if (!Files.exists(model))
      throw new InvalidExperiment(
          "the reference `%s` was trained without its model being kept: there is no %s. Delete %s to train it again."
              .formatted(name, model, results.file(Conditions.of(spec, reference), seed)));
    return model;
  }

  private static MixerSpec with(MixerSpec mixer, String parameter, Object value) {
    var parameters = new TreeMap<>(mixer.parameters());
    parameters.put(parameter, value);
    return new MixerSpec(mixer.name(), parameters);
  }

  private static String name(Arm arm, long seed) {
    return arm.name() + "-s" + seed;
  }
}
