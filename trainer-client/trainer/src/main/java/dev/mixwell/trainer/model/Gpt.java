package dev.mixwell.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;

/**
 * A decoder after GPT-2: token and learned position embeddings, blocks of causal attention and a
 * GELU MLP, each behind a layer norm and added to the residual stream, a last norm, logits.
 * Attention crosses document boundaries inside a row, and there is no dropout.
 *
 * <p>Operations are called on activations, never on weights: DJL gives a result to the manager of
 * the array it is called on, and a weight's manager lives as long as the training. Nor are they
 * given Java numbers: DJL frees a number's memory after the call, and the backward pass would read
 * it again.
 */
public final class Gpt {
  private static final float EPSILON = 1e-5f;

  private final ModelConfig config;
  private final NDArray
      causalMask; // [T][T]: 0 where a token may look, minus infinity where it may not

  private final NDArray rootHeadWidth; // sqrt(d)

  public Gpt(ModelConfig config, NDManager manager) {
    this.config = config;
    rootHeadWidth = manager.create((float) Math.sqrt(config.headWidth()));
    int n = config.rowTokens();
    float[] mask = new float[n * n];
    for (int i = 0; i < n; i++)
      for (int j = i + 1; j < n; j++) mask[i * n + j] = Float.NEGATIVE_INFINITY;
    causalMask = manager.create(mask, new Shape(n, n));
  }

  /** As below, of the rows of a chunk, in {@code manager}. */
  public NDArray tokenLosses(Weights weights, RowChunk chunk, NDManager manager) {
    var shape = new Shape(chunk.count(), config.rowTokens());
    NDArray inputs = manager.create(chunk.tokens(0), shape);
    NDArray labels = manager.create(chunk.tokens(1), shape);
    return tokenLosses(weights, inputs, labels);
  }

  /**
   * Cross entropy of each label, in nats.
   *
   * @param inputs [rows][T] int64
   * @param labels [rows][T] int64
   * @return [rows][T], in the manager of {@code inputs}
   */
  NDArray tokenLosses(Weights weights, NDArray inputs, NDArray labels) {
    long rows = inputs.getShape().get(0);
    long tokens = rows * config.rowTokens();
    NDArray logits = logits(weights, inputs).reshape(tokens, config.vocabulary());
    return logits
        .logSoftmax(-1)
        .gather(labels.reshape(tokens, 1), 1)
        .neg()
        .reshape(rows, config.rowTokens());
  }

  private NDArray logits(Weights weights, NDArray inputs) {
    NDArray positions =
        inputs.getManager().arange(config.rowTokens()).toType(inputs.getDataType(), false);
    NDArray x =
        embedded(inputs, weights.get("token")).add(embedded(positions, weights.get("position")));
    for (int i = 0; i < config.layers(); i++) {
      String block = "block" + i + ".";
      x = x.add(attention(weights, block + "attention.", norm(weights, block + "norm1", x)));
      x = x.add(mlp(weights, block + "mlp.", norm(weights, block + "norm2", x)));
    }
    return Linear.linear(norm(weights, "norm", x), weights.get(config.tied() ? "token" : "head"))
        .singletonOrThrow();
  }

  private static NDArray embedded(NDArray ids, NDArray table) {
    return Embedding.embedding(ids, table, SparseFormat.DENSE).singletonOrThrow();
  }

  private static NDArray norm(Weights weights, String name, NDArray x) {
    NDArray gain = weights.get(name + ".gain");
    return LayerNorm.layerNorm(x, gain.getShape(), gain, weights.get(name + ".bias"), EPSILON)
        .singletonOrThrow();
  }

  private static NDArray linear(Weights weights, String name, NDArray x) {
    return Linear.linear(x, weights.get(name + ".weight"), weights.get(name + ".bias"))
        .singletonOrThrow();
  }

  private static NDArray mlp(Weights weights, String name, NDArray x) {
    return linear(weights, name + "out", Activation.gelu(linear(weights, name + "in", x)));
  }

  /** softmax(Q K' / sqrt(d) + mask) V for every head (arXiv 1706.03762, equation 1). */
  private NDArray attention(Weights weights, String name, NDArray x) {
    NDList qkv = linear(weights, name + "in", x).split(3, 2);
    NDArray keys = heads(qkv.get(1)).transpose(0, 1, 3, 2);
    NDArray scores = heads(qkv.get(0)).matMul(keys).div(rootHeadWidth);
    NDArray seen = scores.add(causalMask).softmax(-1).matMul(heads(qkv.get(2)));
    return linear(weights, name + "out", seen.transpose(0, 2, 1, 3).reshape(x.getShape()));
  }

  /** [rows][T][width] as [rows][heads][T][width / heads]. */
  private NDArray heads(NDArray x) {
    return x.reshape(x.getShape().get(0), config.rowTokens(), config.heads(), config.headWidth())
        .transpose(0, 2, 1, 3);
  }
}
