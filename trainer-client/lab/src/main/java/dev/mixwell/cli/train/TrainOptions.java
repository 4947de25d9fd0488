package dev.mixwell.cli.train;

import dev.mixwell.trainer.TrainSettings;
import dev.mixwell.trainer.TrainSettings.CheckpointSettings;
import dev.mixwell.trainer.TrainSettings.Feeding;
import dev.mixwell.trainer.TrainSettings.ModelSize;
import dev.mixwell.trainer.TrainSettings.Recipe;
import dev.mixwell.trainer.model.LearningRate;
import dev.mixwell.trainer.model.OptimizerSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that make up {@link TrainSettings}; defaults are the fields' first values. */
final class TrainOptions {
  private static final OptimizerSettings USUAL = OptimizerSettings.USUAL;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "decoder blocks (default: ${DEFAULT-VALUE})")
  int layers = 2;

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "of the residual stream (default: ${DEFAULT-VALUE})")
  int width = 64;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description = "attention heads; divide the width (default: ${DEFAULT-VALUE})")
  int heads = 4;

  @Option(
      names = "--untied",
      description = "give the output layer weights of its own, not the token embedding's")
  boolean untied;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of the first parameters (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "of the whole training, earlier launches included (default: ${DEFAULT-VALUE})")
  long steps = 1_000;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      description = "highest rate (default: ${DEFAULT-VALUE})")
  double learningRate = 3e-3;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "after the warm-up: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  LearningRate.Schedule schedule = LearningRate.Schedule.COSINE;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "steps until the highest rate (default: ${DEFAULT-VALUE})")
  long warmupSteps = 20;

  @Option(
      names = "--weight-decay",
      paramLabel = "D",
      description = "of matrices (default: ${DEFAULT-VALUE})")
  double weightDecay = USUAL.weightDecay();

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "longest gradient; 0 for no bound (default: ${DEFAULT-VALUE})")
  double clipNorm = USUAL.clipNorm();

  @Option(
      names = "--chunk-rows",
      paramLabel = "N",
      description =
          "rows in the model at once, for memory; gradients add up to the whole batch's (default: ${DEFAULT-VALUE})")
  int chunkRows = 16;

  @Option(
      names = "--prefetch",
      paramLabel = "P",
      description = "batches pulled ahead, below the run's lookahead (default: ${DEFAULT-VALUE})")
  int prefetch = 4;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "steps between two checkpoints (default: ${DEFAULT-VALUE})")
  long checkpointEvery = 100;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "where they are kept and resumed from; none without it")
  @Nullable Path checkpoints;

  @Option(
      names = "--keep",
      paramLabel = "K",
      description = "newest checkpoints that stay (default: ${DEFAULT-VALUE})")
  int keep = 3;

  @Option(
      names = "--reference-checkpoint",
      paramLabel = "DIR",
      description =
          "a finished training's --checkpoints, of the same model: what mixers like doremi measure losses against")
  @Nullable Path referenceCheckpoint;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "write a JSON report, with held-out losses of every group at both ends")
  @Nullable Path report;

  TrainSettings settings() {
    return new TrainSettings(
        steps,
        new ModelSize(layers, width, heads, !untied),
        new Recipe(
            new OptimizerSettings(
                USUAL.beta1(), USUAL.beta2(), USUAL.epsilon(), weightDecay, clipNorm),
            new LearningRate(learningRate, schedule, warmupSteps, steps),
            seed),
        new Feeding(prefetch, chunkRows),
        report != null,
        checkpoints == null ? null : new CheckpointSettings(checkpoints, checkpointEvery, keep),
        referenceCheckpoint);
  }
}
