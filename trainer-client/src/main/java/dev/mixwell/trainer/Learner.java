package dev.mixwell.trainer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mixwell.client.Batch;
import dev.mixwell.client.Rows;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A model in training: parameters, moments, and steps on batches. Owned by the training thread; its
 * arrays go with {@link #close}. DJL allows one gradient at a time in a process, so two learners
 * must not train at once.
 */
final class Learner implements AutoCloseable {
  private static final String PARAMETER = "parameter.";
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
  Learner(ModelConfig config, OptimizerSettings settings, long seed, int chunkRows) {
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
   *
   * @return the unweighed losses before the step
   */
  GroupSums train(Batch batch, double learningRate) {
    var sums = new GroupSums(batch.groupNames());
    Rows rows = batch.rows();
    double[] scales = scales(rows, batch.lossWeights());
    try (NDManager stepManager = manager.newSubManager();
        var collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      Weights leaves = parameters.leaves(stepManager);
      for (int from = 0; from < rows.count(); from += chunkRows)
        try (NDManager chunkManager = stepManager.newSubManager()) {
          var chunk = new Chunk(rows, from, Math.min(rows.count(), from + chunkRows));
          NDArray losses = losses(leaves, chunk, chunkManager);
          NDArray scale =
              chunkManager.create(
                  floats(scales, chunk.from, chunk.to), new Shape(chunk.count(), 1));
          collector.backward(losses.mul(scale).sum());
          sums.add(chunk.groups(), losses.toFloatArray());
        }
      optimizer.step(parameters, leaves.gradients(), learningRate);
    }
    return sums;
  }

  /** Adds the losses of rows to {@code sums}; learns nothing. */
  void evaluate(Rows rows, GroupSums sums) {
    for (int from = 0; from < rows.count(); from += chunkRows)
      try (NDManager chunkManager = manager.newSubManager()) {
        var chunk = new Chunk(rows, from, Math.min(rows.count(), from + chunkRows));
        sums.add(chunk.groups(), losses(parameters, chunk, chunkManager).toFloatArray());
      }
  }

  private NDArray losses(Weights weights, Chunk chunk, NDManager chunkManager) {
    var shape = new Shape(chunk.count(), config.rowTokens());
    NDArray inputs = chunkManager.create(chunk.tokens(0), shape);
    NDArray labels = chunkManager.create(chunk.tokens(1), shape);
    return model.tokenLosses(weights, inputs, labels);
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
      total += scales[row] * rows.rowTokens();
    }
    for (int row = 0; row < scales.length; row++) scales[row] = total > 0 ? scales[row] / total : 0;
    return scales;
  }

  private static float[] floats(double[] values, int from, int to) {
    float[] floats = new float[to - from];
    for (int i = 0; i < floats.length; i++) floats[i] = (float) values[from + i];
    return floats;
  }

  /** Rows {@code from} to {@code to - 1}. */
  private record Chunk(Rows rows, int from, int to) {
    int count() {
      return to - from;
    }

    /** [rows][T], flattened: each row from its token {@code shift} on. */
    long[] tokens(int shift) {
      int rowTokens = rows.rowTokens();
      long[] tokens = new long[count() * rowTokens];
      for (int row = 0; row < count(); row++)
        for (int i = 0; i < rowTokens; i++)
          tokens[row * rowTokens + i] = rows.token(from + row, shift + i);
      return tokens;
    }

    int[] groups() {
      int[] groups = new int[count()];
      for (int row = 0; row < groups.length; row++) groups[row] = rows.group(from + row);
      return groups;
    }
  }

  /** All that a checkpoint keeps, by name. */
  Map<String, NDArray> state() {
    var state = new TreeMap<String, NDArray>();
    parameters.all().forEach((name, array) -> state.put(PARAMETER + name, array));
    optimizer.first.all().forEach((name, array) -> state.put(FIRST + name, array));
    optimizer.second.all().forEach((name, array) -> state.put(SECOND + name, array));
    return state;
  }

  /** Goes on with arrays that were read into {@link #state}. */
  void resume(long updates) {
    optimizer.resume(updates);
  }

  ModelConfig config() {
    return config;
  }

  long updates() {
    return optimizer.updates();
  }

  long parameterCount() {
    return parameters.count();
  }

  /** Arrays that are alive between steps; a leak would make them more and more. */
  int arrays() {
    return manager.getManagedArrays().size();
  }

  Device device() {
    return manager.getDevice();
  }

  @Override
  public void close() {
    manager.close();
  }
}
