package dev.mixwell.trainer.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupAlignment;
import dev.mixwell.client.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupGradientsTest {
  private static final List<String> NAMES = List.of("even", "odd");
  private static final int[] GROUPS = {0, 1, 1, 0, 1};

  private static GroupAlignment of(FeedbackRequest post, String group) {
    return post.groups().get(group).alignment();
  }

  private static FeedbackRequest aligned(Learner learner, Rows rows) {
    Trained trained = learner.train(LearnerTest.batch(rows, FeedbackKind.ALIGNMENT, null), 1e-2);
    return trained.gram().feedback(1e-2);
  }

  /** One backward of the mean loss of a group's rows in a model of its own, all parameters. */
  private static double[] gradient(Rows rows, int group) {
    Engine engine = Engine.getEngine("PyTorch");
    try (NDManager manager = engine.newBaseManager(Accelerator.device());
        var collector = engine.newGradientCollector()) {
      Weights leaves = Weights.initial(LearnerTest.CONFIG, 7, manager).leaves(manager);
      RowChunk chunk = RowChunk.ofGroup(rows, group, rows.count()).getFirst();
      var model = new Gpt(LearnerTest.CONFIG, manager);
      collector.backward(model.tokenLosses(leaves, chunk, manager).mean());
      var all = new ArrayList<Double>();
      for (NDArray leaf : leaves.all().values())
        for (float value : leaf.getGradient().toFloatArray()) all.add((double) value);
      return all.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  }

  @Test
  void theGramIsThatOfEachGroupsGradientAlone() {
    Rows rows = LearnerTest.rows(3, GROUPS);
    double[][] gradients = {gradient(rows, 0), gradient(rows, 1)};
    for (int chunkRows : new int[] {1, 2, 8})
      try (Learner learner = LearnerTest.learner(chunkRows)) {
        FeedbackRequest post = aligned(learner, rows);
        String[] names = {"even", "odd"};
        for (int i = 0; i < 2; i++) {
          GroupAlignment seen = of(post, names[i]);
          double norm = Math.sqrt(product(gradients[i], gradients[i]));
          assertTrue(norm < 5, "nothing is cut here: " + norm);
          assertEquals(norm, seen.norm(), 1e-5 * norm);
          for (int j = 0; j < 2; j++)
            assertEquals(
                product(gradients[i], gradients[j]), seen.gram().get(names[j]), 1e-5 * norm * norm);
        }
        assertEquals(FeedbackKind.ALIGNMENT, post.kind());
        assertEquals(1e-2, post.learningRate());
      }
  }

  /** Lengths 10 and 2, cut to 5 and 2. */
  @Test
  void longGradientsAreCutToFive() {
    var gram = new Gram(List.of("a", "b"), new double[][] {{100, 12}, {12, 4}});
    FeedbackRequest post = gram.feedback(1e-3);
    assertEquals(Map.of("a", 25.0, "b", 6.0), of(post, "a").gram());
    assertEquals(Map.of("a", 6.0, "b", 4.0), of(post, "b").gram());
    assertEquals(5, of(post, "a").norm());
    assertEquals(2, of(post, "b").norm());
  }

  @Test
  void groupsWithoutRowsAreNeitherTrainedNorTargets() {
    try (Learner learner = LearnerTest.learner(4)) {
      FeedbackRequest post = aligned(learner, LearnerTest.rows(0, new int[] {1, 1}));
      assertEquals(List.of("odd"), List.copyOf(post.groups().keySet()));
      assertEquals(List.of("odd"), List.copyOf(of(post, "odd").gram().keySet()));
    }
  }

  @Test
  void theGroupsGradientsTogetherAreTheWholeBatchs() {
    Rows rows = LearnerTest.rows(3, GROUPS);
    for (List<Double> weights : List.of(List.of(1.0, 1.0), List.of(0.5, 3.0)))
      for (int chunkRows : new int[] {2, 8})
        try (Learner whole = LearnerTest.unclipped(chunkRows);
            Learner byGroup = LearnerTest.unclipped(chunkRows)) {
          GroupSums expected =
              whole.train(LearnerTest.batch(rows, null, weights), 1e-2).losses().sums(NAMES);
          Trained trained =
              byGroup.train(LearnerTest.batch(rows, FeedbackKind.ALIGNMENT, weights), 1e-2);
          LearnerTest.assertSameGradient(whole, byGroup);
          GroupSums actual = trained.losses().sums(NAMES);
          assertEquals(expected.means().get("even"), actual.means().get("even"), 1e-5);
          assertEquals(expected.means().get("odd"), actual.means().get("odd"), 1e-5);
        }
  }

  @Test
  void stepsByGroupLeaveNoArraysBehind() {
    try (Learner learner = LearnerTest.learner(2)) {
      aligned(learner, LearnerTest.rows(0, GROUPS));
      int before = learner.arrays();
      for (int step = 1; step < 4; step++) aligned(learner, LearnerTest.rows(step, GROUPS));
      assertEquals(before, learner.arrays());
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    float[][] ends = new float[2][];
    for (int run = 0; run < 2; run++)
      try (Learner learner = LearnerTest.learner(3)) {
        for (int step = 0; step < 4; step++) aligned(learner, LearnerTest.rows(step, GROUPS));
        ends[run] = learner.state().get("parameter.token").toFloatArray();
      }
    assertArrayEquals(ends[0], ends[1], 0);
  }
}
