package dev.mixwell.simulate;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupAlignment;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.api.RunSpec;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a trainer sees of its model, with the world's noise: the feedback to post. The noise of a
 * loss depends on seed, step and group alone.
 */
final class Observer {
  private static final double LEARNING_RATE = 5e-4;
  private static final int TRAIN = 0;
  private static final int VALIDATION = 1;

  private final World world;
  private final RunSpec spec;
  private final NormalDraws noise;
  private final SyntheticModel model;
  private final SyntheticModel reference;

  /**
   * @param reference the trained model whose losses excess is measured against
   */
  Observer(World world, RunSpec spec, SyntheticModel model, SyntheticModel reference) {
    this.world = world;
    this.spec = spec;
    this.noise = new NormalDraws(spec.seed());
    this.model = model;
    this.reference = reference;
  }

  SyntheticModel model() {
    return model;
  }

  /**
   * Of a step's own rows, before the model learns from them.
   *
   * @param kind of those a step closes for
   * @param rows [m]
   */
  FeedbackRequest step(FeedbackKind kind, long step, long[] rows) {
    var groups = new TreeMap<String, GroupFeedback>();
    for (int i = 0; i < rows.length; i++)
      if (rows[i] > 0) groups.put(name(i), seen(kind, step, i, rows[i]));
    return new FeedbackRequest(
        kind, null, groups, kind == FeedbackKind.ALIGNMENT ? LEARNING_RATE : null);
  }

  private GroupFeedback seen(FeedbackKind kind, long step, int group, long rows) {
    double spread = world.noise().row() / Math.sqrt(rows);
    double loss = Math.max(0, model.loss(group) + spread * noise.at(TRAIN, step, group));
    double excess = loss - reference.loss(group);
    long tokens = rows * spec.rowTokens();
    return switch (kind) {
      case TRAIN -> new GroupFeedback(loss * tokens, tokens);
      case EXCESS -> new GroupFeedback(Math.max(0, excess) * tokens, tokens);
      case DIFFERENCE -> new GroupFeedback(excess * tokens, tokens);
      case ALIGNMENT -> new GroupFeedback(0, 0, alignment(group));
      case VALIDATION -> throw new IllegalArgumentException("validation is not of a step's rows");
    };
  }

  /**
   * Gradients whose inner products, times the learning rate, are the drops A*_ij of a step of j
   * alone.
   */
  private GroupAlignment alignment(int from) {
    var gram = new TreeMap<String, Double>();
    for (int to = 0; to < world.size(); to++)
      gram.put(name(to), model.drop(to, from, spec.stepTokens()) / LEARNING_RATE);
    double own = model.drop(from, from, spec.stepTokens()) / LEARNING_RATE;
    return new GroupAlignment(gram, null, Math.sqrt(Math.max(0, own)));
  }

  /** Of the held-out rows, by the model as it is before the step. */
  FeedbackRequest validation(long step) {
    Map<String, GroupFeedback> groups = new TreeMap<>();
    long tokens = (long) spec.validationRows() * spec.rowTokens();
    for (int i = 0; i < world.size(); i++) {
      double spread = world.noise().validation();
      double loss = Math.max(0, model.loss(i) + spread * noise.at(VALIDATION, step, i));
      groups.put(name(i), new GroupFeedback(loss * tokens, tokens));
    }
    return new FeedbackRequest(FeedbackKind.VALIDATION, null, groups);
  }

  private String name(int group) {
    return spec.groups().get(group).name();
  }
}
