package dev.mixwell.trainer;

import dev.mixwell.trainer.model.LearningRate;
import dev.mixwell.trainer.model.ModelConfig;
import dev.mixwell.trainer.model.OptimizerSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One launch of the trainer.
 *
 * @param steps of the whole training, those of earlier launches included
 * @param evaluateEnds whether to evaluate before the first step and after the last for the report,
 *     beyond what the run asks for
 * @param checkpoints null to keep none
 * @param referenceCheckpoint what a finished training kept, or one checkpoint of it: the model that
 *     excess losses are measured against; null for none
 */
public record TrainSettings(
    long steps,
    ModelSize size,
    Recipe recipe,
    Feeding feeding,
    boolean evaluateEnds,
    @Nullable CheckpointSettings checkpoints,
    @Nullable Path referenceCheckpoint) {
  /** What the run does not decide about the model; it decides the vocabulary and T. */
  public record ModelSize(int layers, int width, int heads, boolean tied) {
    ModelConfig config(int vocabulary, int rowTokens) {
      return new ModelConfig(vocabulary, rowTokens, layers, width, heads, tied);
    }
  }

  /**
   * How the parameters change.
   *
   * @param seed of the first parameters
   */
  public record Recipe(OptimizerSettings optimizer, LearningRate learningRate, long seed) {}

  /**
   * How rows come to the model.
   *
   * @param prefetch batches pulled ahead; lowered below the run's lookahead
   * @param chunkRows that go through the model at once
   */
  public record Feeding(int prefetch, int chunkRows) {
    public Feeding {
      if (prefetch < 0 || chunkRows < 1)
        throw new IllegalArgumentException("chunk rows are at least 1, prefetch at least 0");
    }
  }

  /**
   * @param every steps between two; the last step always makes one
   * @param keep newest ones that stay
   */
  public record CheckpointSettings(Path directory, long every, int keep) {
    public CheckpointSettings {
      if (every < 1 || keep < 1)
        throw new IllegalArgumentException(
            "a checkpoint's interval and the number to keep are at least 1");
    }
  }

  public TrainSettings {
    if (steps < 1) throw new IllegalArgumentException("steps are at least 1");
    if (checkpoints != null && isUnder(referenceCheckpoint, checkpoints.directory))
      throw new IllegalArgumentException(
          "the reference "
              + referenceCheckpoint
              + " is among this training's own checkpoints; it must be a model that stays as it is");
  }

  private static boolean isUnder(@Nullable Path path, Path directory) {
    return path != null
        && path.toAbsolutePath().normalize().startsWith(directory.toAbsolutePath().normalize());
  }
}
