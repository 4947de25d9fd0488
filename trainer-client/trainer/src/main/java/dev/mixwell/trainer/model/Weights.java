package dev.mixwell.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * Named float32 arrays in a fixed order: parameters, or what belongs to each of them. They live as
 * long as their manager.
 */
public final class Weights {
  /** Standard deviation of new weights, as GPT-2 draws them. */
  private static final double DEVIATION = 0.02;

  private final Map<String, NDArray> arrays = new LinkedHashMap<>();

  /**
   * New parameters of a decoder, the same for the same seed on every device. What is added to the
   * residual stream starts smaller by the square root of the number of additions (GPT-2).
   */
  public static Weights initial(ModelConfig config, long seed, NDManager manager) {
    var random = new SplittableRandom(seed);
    DoubleSupplier normal = () -> DEVIATION * random.nextGaussian();
    double depth = 1 / Math.sqrt(2.0 * config.layers());
    DoubleSupplier residual = () -> depth * DEVIATION * random.nextGaussian();
    int width = config.width();
    var weights = new Weights();
    weights.draw(manager, "token", normal, config.vocabulary(), width);
    weights.draw(manager, "position", normal, config.rowTokens(), width);
    for (int i = 0; i < config.layers(); i++) {
      String block = "block" + i + ".";
      weights.norm(manager, block + "norm1", width);
      weights.linear(manager, block + "attention.in", normal, 3 * width, width);
      weights.linear(manager, block + "attention.out", residual, width, width);
      weights.norm(manager, block + "norm2", width);
      weights.linear(manager, block + "mlp.in", normal, 4 * width, width);
      weights.linear(manager, block + "mlp.out", residual, width, 4 * width);
    }
    weights.norm(manager, "norm", width);
    if (!config.tied()) weights.draw(manager, "head", normal, config.vocabulary(), width);
    return weights;
  }

  private void norm(NDManager manager, String name, int width) {
    draw(manager, name + ".gain", () -> 1, width);
    draw(manager, name + ".bias", () -> 0, width);
  }

  private void linear(NDManager manager, String name, DoubleSupplier draw, int out, int in) {
    draw(manager, name + ".weight", draw, out, in);
    draw(manager, name + ".bias", () -> 0, out);
  }

  private void draw(NDManager manager, String name, DoubleSupplier draw, long... shape) {
    float[] values = new float[Math.toIntExact(new Shape(shape).size())];
    for (int i = 0; i < values.length; i++) values[i] = (float) draw.getAsDouble();
    put(name, manager.create(values, new Shape(shape)));
  }

  void put(String name, NDArray array) {
    arrays.put(name, array);
  }

  NDArray get(String name) {
    NDArray array = arrays.get(name);
    if (array == null) throw new IllegalArgumentException("no weight `" + name + "`");
    return array;
  }

  /** By name, with {@code prefix} before it. */
  public Map<String, NDArray> named(String prefix) {
    var named = new TreeMap<String, NDArray>();
    arrays.forEach((name, array) -> named.put(prefix + name, array));
    return named;
  }

  Map<String, NDArray> all() {
    return Collections.unmodifiableMap(arrays);
  }

  /** Zeros of the same shapes. */
  Weights zeros(NDManager manager) {
    var zeros = new Weights();
    arrays.forEach((name, array) -> zeros.put(name, manager.zeros(array.getShape())));
    return zeros;
  }

  /**
   * Copies that gradients flow to. They go with {@code manager}, so nothing is left for the next
   * step.
   */
  Weights leaves(NDManager manager) {
    var leaves = new Weights();
    arrays.forEach(
        (name, array) -> {
          NDArray leaf = array.duplicate();
          leaf.attach(manager);
          leaf.setRequiresGradient(true);
          leaves.put(name, leaf);
        });
    return leaves;
  }

  /** Of leaves; they outlive these in {@code manager}. */
  Weights gradients(NDManager manager) {
    var gradients = new Weights();
    arrays.forEach(
        (name, array) -> {
          NDArray gradient = array.getGradient();
          gradient.attach(manager);
          gradients.put(name, gradient);
        });
    return gradients;
  }

  long count() {
    return arrays.values().stream().mapToLong(NDArray::size).sum();
  }
}
