package dev.mixwell.trainer.model;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupAlignment;
import dev.mixwell.api.GroupFeedback;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * Inner products of the gradients of the groups of one batch, of the k groups that it has rows of
 * (DoGE, arXiv 2310.15393). Immutable.
 *
 * <p>The targets are these same groups, with their gradients on this same batch, as in the code
 * that DoGE's authors published; the paper speaks of held-out rows. A group's product with itself
 * is among them. For the mixer each gradient is cut to the length 5, as in that code.
 */
public final class Gram {
  private static final double MAX_NORM = 5;

  private final List<String> names;
  private final double[][] products; // [k][k], of gradients that are not cut

  Gram(List<String> names, double[][] products) {
    this.names = List.copyOf(names);
    this.products = products;
  }

  public FeedbackRequest feedback(double learningRate) {
    var groups = new LinkedHashMap<String, GroupFeedback>();
    for (int i = 0; i < names.size(); i++) {
      var row = new TreeMap<String, Double>();
      for (int j = 0; j < names.size(); j++)
        row.put(names.get(j), cut(i) * cut(j) * products[i][j]);
      var alignment = new GroupAlignment(row, null, cut(i) * norm(i));
      groups.put(names.get(i), new GroupFeedback(0, 0, alignment));
    }
    return new FeedbackRequest(FeedbackKind.ALIGNMENT, null, groups, learningRate);
  }

  private double norm(int i) {
    return Math.sqrt(products[i][i]);
  }

  /** What a gradient is multiplied by. */
  private double cut(int i) {
    return norm(i) > MAX_NORM ? MAX_NORM / norm(i) : 1;
  }
}
