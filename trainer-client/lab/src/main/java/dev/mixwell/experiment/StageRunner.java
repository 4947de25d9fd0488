package dev.mixwell.experiment;

import dev.mixwell.api.HistoryEntry;
import dev.mixwell.api.MixerView;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.ProblemException;
import dev.mixwell.client.RunClient;
import dev.mixwell.experiment.record.ExperimentSpec;
import dev.mixwell.experiment.record.InvalidExperiment;
import dev.mixwell.experiment.record.MixerTime;
import dev.mixwell.experiment.record.Stage;
import dev.mixwell.experiment.record.StageResult;
import dev.mixwell.trainer.StepReport;
import dev.mixwell.trainer.TrainReport;
import dev.mixwell.trainer.TrainSettings;
import dev.mixwell.trainer.TrainSettings.CheckpointSettings;
import dev.mixwell.trainer.TrainSettings.Feeding;
import dev.mixwell.trainer.TrainSettings.ModelSize;
import dev.mixwell.trainer.TrainSettings.Recipe;
import dev.mixwell.trainer.Training;
import dev.mixwell.trainer.model.LearningRate;
import dev.mixwell.trainer.model.OptimizerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes runs on a server and trains on them in this process, one at a time. A run that was
 * interrupted is finished as it stands, and begun again under another name: what it measured is not
 * mixed with anything.
 */
final class StageRunner {
  private static final String WHO = "mixwell experiment";
  private static final String AVERAGE = "average";
  private static final int PREFETCH = 4;
  private static final int MAX_CHUNK_ROWS = 64;

  private final MixwellClient client;
  private final ExperimentSpec spec;
  private final Path checkpoints;
  private final Consumer<StepReport> progress;

  /**
   * @param checkpoints folder for models that are kept, by run
   */
  StageRunner(
      MixwellClient client, ExperimentSpec spec, Path checkpoints, Consumer<StepReport> progress) {
    this.client = client;
    this.spec = spec;
    this.checkpoints = checkpoints;
    this.progress = progress;
  }

  /** Where the model of a run is kept. */
  Path model(String run) {
    return checkpoints.resolve(run);
  }

  /**
   * Creates the run of a stage without training on it, so that a mistake shows before hours have
   * passed.
   *
   * @return the mixer as the server has made it
   * @throws ProblemException if the server refuses it
   * @throws InvalidExperiment if a group has too few held-out rows to test on
   */
  MixerView check(Stage stage) {
    RunClient run = claim(stage);
    for (RunAnswer.Group group : run.describe().groups())
      if (group.heldOutRows() < spec.validationRows() + spec.testRows())
        throw new InvalidExperiment(
            "group `%s` has %,d held-out rows; `validationRows` and `testRows` need %,d. Raise `validationShare`, or lower them."
                .formatted(
                    group.name(), group.heldOutRows(), spec.validationRows() + spec.testRows()));
    return run.mixer().mixer();
  }

  /** Trains a stage from its first step to its last. */
  StageResult run(Stage stage) throws IOException, InterruptedException {
    RunClient run = claim(stage);
    TrainReport report;
    Map<String, Double> test = Map.of();
    try (var training = new Training(run, settings(stage, run.name()))) {
      report = training.run(progress);
      if (stage.role() == Stage.Role.MAIN)
        test = training.heldOutLosses(spec.validationRows(), spec.testRows());
    }
    StageResult result = result(stage, run, report, test);
    run.finish(WHO, "trained to its last step");
    return result;
  }

  private StageResult result(
      Stage stage, RunClient run, TrainReport report, Map<String, Double> test) {
    return new StageResult(
        run.name(),
        stage.role(),
        stage.mixer(),
        stage.steps(),
        report.tokens(),
        report.device(),
        report.parameters(),
        report.seconds() - report.evaluationSeconds(),
        report.evaluationSeconds(),
        MixerTime.of(client.metrics(), run.name()),
        report.validation(),
        test,
        average(run),
        shares(run, run.history(0, stage.steps())));
  }

  /** Steps whose losses are weighed are asked for one by one: the weights stand in their plans. */
  private List<StageResult.Shares> shares(RunClient run, List<HistoryEntry> history) {
    boolean weighs = lossWeights(run, history.getLast()) != null;
    var shares = new ArrayList<StageResult.Shares>();
    for (HistoryEntry entry : history)
      shares.add(
          StageResult.Shares.of(entry, spec.groupNames(), weighs ? lossWeights(run, entry) : null));
    return shares;
  }

  private static @Nullable Map<String, Double> lossWeights(RunClient run, HistoryEntry step) {
    return run.plan(step.attempt(), step.step()).lossWeights();
  }

  private @Nullable Map<String, Double> average(RunClient run) {
    List<Double> average = run.mixer().state().get(AVERAGE);
    List<String> groups = spec.groupNames();
    if (average == null || average.size() != groups.size()) return null;
    var byGroup = new LinkedHashMap<String, Double>();
    for (int i = 0; i < groups.size(); i++) byGroup.put(groups.get(i), average.get(i));
    return byGroup;
  }

  /** The first run of the stage's name, or name and number, that nobody has trained on. */
  private RunClient claim(Stage stage) {
    RunSpec wanted = spec(stage);
    for (int take = 1; ; take++) {
      RunClient run = client.run(take == 1 ? stage.name() : stage.name() + "-" + take);
      RunAnswer answer = create(run, wanted);
      if (answer == null) continue;
      if (answer.newestAttempt() == null && !answer.finished()) return run;
      if (!answer.finished()) run.finish(WHO, "interrupted; begun again under another name");
    }
  }

  /** Null if it exists with another configuration. */
  private static @Nullable RunAnswer create(RunClient run, RunSpec wanted) {
    try {
      return run.create(wanted);
    } catch (ProblemException e) {
      if (e.is(ProblemType.RUN_CONFLICT)) return null;
      throw e;
    }
  }

  private RunSpec spec(Stage stage) {
    return RunSpec.draft(
            stage.seed(), spec.mixedGroups(), spec.batchRows(), spec.model().rowTokens())
        .mixer(stage.mixer())
        .lookahead(spec.lookahead())
        .validationRows(spec.validationRows())
        .validationShare(spec.validationShare())
        .evaluateEvery(stage.role() == Stage.Role.GRAPH ? 0 : spec.evaluateEvery())
        .spec();
  }

  private TrainSettings settings(Stage stage, String run) {
    ExperimentSpec.Model model = spec.model();
    return new TrainSettings(
        stage.steps(),
        new ModelSize(model.layers(), model.width(), model.heads(), true),
        new Recipe(
            OptimizerSettings.USUAL,
            new LearningRate(
                spec.learningRate(),
                LearningRate.Schedule.COSINE,
                spec.warmupSteps(),
                spec.steps()),
            stage.seed()),
        new Feeding(PREFETCH, Math.min(MAX_CHUNK_ROWS, spec.batchRows())),
        true,
        stage.keepsModel() ? new CheckpointSettings(model(run), stage.steps(), 1) : null,
        stage.reference());
  }
}
