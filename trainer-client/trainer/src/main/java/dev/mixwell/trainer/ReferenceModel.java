package dev.mixwell.trainer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.mixwell.client.Rows;
import dev.mixwell.trainer.model.Accelerator;
import dev.mixwell.trainer.model.Gpt;
import dev.mixwell.trainer.model.Learner;
import dev.mixwell.trainer.model.ModelConfig;
import dev.mixwell.trainer.model.RowChunk;
import dev.mixwell.trainer.model.TokenLosses;
import dev.mixwell.trainer.model.Weights;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A finished model that losses are measured against (DoReMi, arXiv 2305.10429): it is asked, and
 * never learns. Owned by the training thread.
 */
final class ReferenceModel implements AutoCloseable {
  private final NDManager manager;
  private final Gpt model;
  private final Weights parameters;
  private final int chunkRows;

  /**
   * @param path a checkpoint, or a directory of them, of which the newest counts
   * @param config of the model in training; the reference's is the same
   * @throws IOException if there is no checkpoint, or it is damaged, or of another model
   */
  ReferenceModel(Path path, ModelConfig config, int chunkRows) throws IOException {
    Path directory = Checkpoints.find(path);
    Checkpoint checkpoint = Checkpoints.header(directory);
    if (!checkpoint.model().equals(config))
      throw new IOException(
          "the reference %s (step %d of run `%s`) is a %s, but this launch trains a %s: name a reference of the same shape, tokenizer and T"
              .formatted(
                  directory, checkpoint.step(), checkpoint.run(), checkpoint.model(), config));
    this.chunkRows = chunkRows;
    manager = Engine.getEngine("PyTorch").newBaseManager(Accelerator.device());
    model = new Gpt(config, manager);
    parameters = Weights.initial(config, 0, manager);
    try {
      Checkpoints.load(
          directory, checkpoint, Learner.PARAMETER, parameters.named(Learner.PARAMETER));
    } catch (IOException e) {
      manager.close();
      throw e;
    }
  }

  /** Of every token of the rows. */
  TokenLosses losses(Rows rows) {
    var losses = new TokenLosses(rows);
    for (RowChunk chunk : RowChunk.of(rows, chunkRows))
      try (NDManager chunkManager = manager.newSubManager()) {
        losses.set(chunk, model.tokenLosses(parameters, chunk, chunkManager).toFloatArray());
      }
    return losses;
  }

  @Override
  public void close() {
    manager.close();
  }
}
