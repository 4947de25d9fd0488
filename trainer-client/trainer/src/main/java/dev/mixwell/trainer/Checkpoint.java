package dev.mixwell.trainer;

import dev.mixwell.trainer.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint says about itself: {@code checkpoint.json} in its directory.
 *
 * @param version of this layout
 * @param attempt that trained the steps before {@code step}; the next launch names it as its parent
 * @param step the first step that is not trained
 * @param updates optimizer steps taken; fewer than steps where a loss was not finite
 * @param launchId of the launch that wrote it
 * @param sha256 of {@code tensors.safetensors}; null until that is written
 */
public record Checkpoint(
    int version,
    String run,
    int attempt,
    long step,
    long updates,
    String launchId,
    long seed,
    ModelConfig model,
    @Nullable String sha256) {
  static final int VERSION = 1;

  Checkpoint withSha256(String digest) {
    return new Checkpoint(version, run, attempt, step, updates, launchId, seed, model, digest);
  }
}
