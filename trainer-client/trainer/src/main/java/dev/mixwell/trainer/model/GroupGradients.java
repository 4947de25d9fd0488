package dev.mixwell.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients of the k groups of one batch, side by side: k gradient vectors, 4 bytes a parameter
 * each, in memory at once. Owned by the training thread; the arrays go with their manager.
 */
final class GroupGradients {
  private final List<Weights> gradients = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Double> shares = new ArrayList<>();

  /**
   * @param gradient of the mean loss of the group's rows
   * @param share of the group in the batch's loss
   */
  void add(String name, double share, Weights gradient) {
    names.add(name);
    shares.add(share);
    gradients.add(gradient);
  }

  /**
   * @param gradient of the whole batch's loss: the groups' gradients by their shares
   */
  record Merged(Weights gradient, Gram gram) {}

  /** Goes over the gradients once, parameter by parameter. */
  Merged merged(NDManager manager) {
    int k = gradients.size();
    float[] factors = new float[k];
    for (int i = 0; i < k; i++) factors[i] = shares.get(i).floatValue();
    double[][] products = new double[k][k];
    var whole = new Weights();
    for (String name : gradients.getFirst().all().keySet())
      try (var temporaries = new NDScope()) {
        temporaries.suppressNotUsedWarning();
        NDArray matrix = side(name);
        add(matrix.matMul(matrix.transpose()).toFloatArray(), products);
        NDArray sum = manager.create(factors, new Shape(1, k)).matMul(matrix);
        NDArray shaped = sum.reshape(gradients.getFirst().get(name).getShape());
        NDScope.unregister(shaped);
        whole.put(name, shaped);
      }
    return new Merged(whole, new Gram(names, products));
  }

  /** [k][size of the parameter] */
  private NDArray side(String name) {
    var rows = new NDList();
    for (Weights gradient : gradients) rows.add(gradient.get(name));
    return NDArrays.stack(rows).reshape(gradients.size(), -1);
  }

  private static void add(float[] flat, double[][] products) {
    int k = products.length;
    for (int i = 0; i < k; i++) for (int j = 0; j < k; j++) products[i][j] += flat[i * k + j];
  }
}
