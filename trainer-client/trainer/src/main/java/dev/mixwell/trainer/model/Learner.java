package dev.mixwell.trainer.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.client.Batch;
import dev.mixwell.client.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model in training: parameters, moments, and steps on batches. Owned by the training thread; its
 * arrays go with {@link #close}. DJL allows one gradient at a time in a process, so two learners
 * must not train at once.
 */
public final class Learner implements AutoCloseable {
  public static final String PARAMETER = "parameter.";
  private static final String FIRST = "moment1.";
  private static final String SECOND = "moment2.";

  private final ModelConfig config;
  private final int chunkRows;
  private final NDManager manager;
  private final Gpt model;
  private final Weights parameters;
  private final AdamW optimizer;

  /**
   * @param chunkRows rows that go through the model at once; gradients of several chunks are added
   *     up
   */
  public Learner(ModelConfig config, OptimizerSettings settings, long seed, int chunkRows) {
    this.config = config;
    this.chunkRows = chunkRows;
    manager = Engine.getEngine("PyTorch").newBaseManager(Accelerator.device());
    model = new Gpt(config, manager);
    parameters = Weights.initial(config, seed, manager);
    optimizer = new AdamW(settings, parameters, manager);
  }

  /**
   * Takes one optimizer step on the mean loss of the batch's tokens, weighed by group if the batch
   * says so. Where the loss or its gradient is not finite the model stays as it is.
   */
  public Trained train(Batch batch, double learningRate) {
    Rows rows = batch.rows();
    double[] scales = scales(rows, batch.lossWeights());
    var losses = new TokenLosses(rows);
    try (NDManager stepManager = manager.newSubManager()) {
      if (batch.awaits() == FeedbackKind.ALIGNMENT) {
        GroupGradients.Merged merged = byGroup(batch, scales, losses, stepManager);
        optimizer.step(parameters, merged.gradient(), learningRate);
        return new Trained(losses, merged.gram());
      }
      var whole = new Pass(RowChunk.of(rows, chunkRows), scales, losses);
      optimizer.step(parameters, gradient(whole, stepManager), learningRate);
      return new Trained(losses, null);
    }
  }

  /**
   * The gradient of each group alone, and what they make together. The rows go through the model
   * once, as without; but a group at a time, in smaller chunks.
   */
  private GroupGradients.Merged byGroup(
      Batch batch, double[] scales, TokenLosses losses, NDManager stepManager) {
    Rows rows = batch.rows();
    var gradients = new GroupGradients();
    for (int group = 0; group < batch.groupNames().size(); group++) {
      List<RowChunk> own = RowChunk.ofGroup(rows, group, chunkRows);
      if (own.isEmpty()) continue;
      double tokens = own.stream().mapToLong(RowChunk::labels).sum();
      if (tokens == 0) continue;
      double share = tokens * scales[own.getFirst().ordinal(0)]; // a group's rows weigh the same
      double[] mean = new double[rows.count()];
      Arrays.fill(mean, 1 / tokens);
      var alone = new Pass(own, mean, losses);
      gradients.add(batch.groupNames().get(group), share, gradient(alone, stepManager));
    }
    return gradients.merged(stepManager);
  }

  /**
   * Rows of a batch on their way through the model.
   *
   * @param scales [the batch's rows] what each row's loss sum is multiplied by
   * @param losses to be filled in
   */
  @SuppressWarnings("ArrayRecordComponent") // arguments of one pass
  private record Pass(List<RowChunk> chunks, double[] scales, TokenLosses losses) {}

  /** Of the sum of the scaled losses, in {@code stepManager}. */
  private Weights gradient(Pass pass, NDManager stepManager) {
    try (NDManager passManager = stepManager.newSubManager();
        var collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      Weights leaves = parameters.leaves(passManager);
      for (RowChunk chunk : pass.chunks)
        try (NDManager chunkManager = passManager.newSubManager()) {
          NDArray losses = model.tokenLosses(leaves, chunk, chunkManager);
          NDArray scale = chunkManager.create(chunk.pick(pass.scales), new Shape(chunk.count(), 1));
          collector.backward(masked(losses, chunk, chunkManager).mul(scale).sum());
          pass.losses.set(chunk, losses.toFloatArray());
        }
      return leaves.gradients(stepManager);
    }
  }

  /** Losses of labels that count; the others are 0. */
  private static NDArray masked(NDArray losses, RowChunk chunk, NDManager chunkManager) {
    float[] mask = chunk.labelMask();
    return mask == null ? losses : losses.mul(chunkManager.create(mask, losses.getShape()));
  }

  /** Adds the losses of all rows of the pages to {@code sums}; learns nothing. */
  public void evaluate(List<Rows> pages, GroupSums sums) {
    for (RowChunk chunk : RowChunk.of(pages, chunkRows))
      try (NDManager chunkManager = manager.newSubManager()) {
        NDArray losses = model.tokenLosses(parameters, chunk, chunkManager);
        sums.add(chunk.groups(), losses.toFloatArray(), chunk.labelMask());
      }
  }

  /**
   * What each row's loss sum is multiplied by, so that all together make a weighted mean over
   * tokens.
   */
  private static double[] scales(Rows rows, @Nullable List<Double> lossWeights) {
    double[] scales = new double[rows.count()];
    double total = 0;
    for (int row = 0; row < scales.length; row++) {
      scales[row] = lossWeights == null ? 1 : lossWeights.get(rows.group(row));
      total += scales[row] * rows.labels(row);
    }
    for (int row = 0; row < scales.length; row++) scales[row] = total > 0 ? scales[row] / total : 0;
    return scales;
  }

  /** All that a checkpoint keeps, by name. */
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = parameters.named(PARAMETER);
    state.putAll(optimizer.first.named(FIRST));
    state.putAll(optimizer.second.named(SECOND));
    return state;
  }

  /** Goes on with arrays that were read into {@link #state}. */
  public void resume(long updates) {
    optimizer.resume(updates);
  }

  public ModelConfig config() {
    return config;
  }

  public long updates() {
    return optimizer.updates();
  }

  public long parameterCount() {
    return parameters.count();
  }

  /** Arrays that are alive between steps; a leak would make them more and more. */
  int arrays() {
    return manager.getManagedArrays().size();
  }

  public Device device() {
    return manager.getDevice();
  }

  @Override
  public void close() {
    manager.close();
  }
}
