package dev.mixwell.trainer.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.client.Batch;
import dev.mixwell.client.Bodies;
import dev.mixwell.client.Peer;
import dev.mixwell.client.Rows;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

public class LearnerTest {
  public static final OptimizerSettings SETTINGS = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);
  private static final int T = 8;
  public static final ModelConfig CONFIG = new ModelConfig(Peer.VOCABULARY, T, 2, 16, 2, true);
  private static final List<String> NAMES = List.of("even", "odd");

  public static Learner learner(int chunkRows) {
    return new Learner(CONFIG, SETTINGS, 7, chunkRows);
  }

  /** Whose first moments tell the length of a gradient. */
  static Learner unclipped(int chunkRows) {
    return new Learner(CONFIG, new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 0), 7, chunkRows);
  }

  public static Batch batch(long step, int[] groups, @Nullable List<Double> weights) {
    return batch(rows(step, groups), null, weights);
  }

  public static Rows rows(long step, int[] groups) {
    int[][] tokens = new int[groups.length][];
    for (int i = 0; i < groups.length; i++)
      tokens[i] = Peer.row(groups[i], step * groups.length + i, T);
    return Rows.parse(Bodies.body("", false, tokens, groups));
  }

  public static Batch batch(
      Rows rows, @Nullable FeedbackKind awaits, @Nullable List<Double> weights) {
    return new Batch(0, 0, 0, NAMES, "static", awaits, weights, false, rows);
  }

  private static GroupSums train(Learner learner, Batch batch, double learningRate) {
    return learner.train(batch, learningRate).losses().sums(batch.groupNames());
  }

  @Test
  void aRepetitiveTextIsLearnt() {
    try (Learner learner = learner(4)) {
      double first = train(learner, batch(0, new int[] {0, 1, 0, 1}, null), 3e-3).mean();
      assertEquals(Math.log(Peer.VOCABULARY), first, 0.2, "a new model knows nothing");
      double last = 0;
      for (int step = 1; step < 60; step++)
        last = train(learner, batch(step, new int[] {0, 1, 0, 1}, null), 1e-2).mean();
      assertTrue(last < 1, "loss " + last + " after 60 steps");
    }
  }

  @Test
  void groupSumsAreThoseOfTheRowsOneByOne() {
    int[] groups = {1, 0, 1, 1, 0};
    Batch batch = batch(3, groups, null);
    try (Learner learner = learner(2)) {
      double[] naive = new double[2];
      for (int row = 0; row < groups.length; row++) {
        int[][] tokens = {Peer.row(groups[row], 15 + row, T)};
        var alone = new GroupSums(List.of("it"));
        learner.evaluate(List.of(Rows.parse(Bodies.body("", true, tokens, new int[] {0}))), alone);
        naive[groups[row]] += alone.mean() * T;
      }
      var together = new GroupSums(NAMES);
      learner.evaluate(List.of(batch.rows()), together);
      Map<String, GroupFeedback> posted = together.feedback(FeedbackKind.TRAIN, null).groups();
      assertEquals(naive[0], posted.get("even").lossSum(), 1e-4);
      assertEquals(naive[1], posted.get("odd").lossSum(), 1e-4);
      assertEquals(3 * T, posted.get("odd").tokens());
      assertEquals(
          together.means(),
          train(learner, batch, 1e-3).means(),
          "losses of training are those before its step");
    }
  }

  @Test
  void pagesOfRowsShareChunks() {
    var pages = new ArrayList<Rows>();
    for (int page = 0; page < 3; page++) pages.add(rows(page, new int[] {page % 2, page % 2, 1}));
    try (Learner learner = learner(4)) {
      assertEquals(List.of(4, 4, 1), RowChunk.of(pages, 4).stream().map(RowChunk::count).toList());
      var apart = new GroupSums(NAMES);
      for (Rows page : pages) learner.evaluate(List.of(page), apart);
      var together = new GroupSums(NAMES);
      learner.evaluate(pages, together);
      assertEquals(apart.tokens(), together.tokens());
      for (String name : NAMES)
        assertEquals(apart.means().get(name), together.means().get(name), 1e-5);
    }
  }

  @Test
  void groupsWithoutRowsAreNotReported() {
    try (Learner learner = learner(4)) {
      GroupSums sums = train(learner, batch(0, new int[] {1, 1}, null), 1e-3);
      assertEquals(
          List.of("odd"), List.copyOf(sums.feedback(FeedbackKind.TRAIN, null).groups().keySet()));
      assertEquals(Map.of("even", 0.0, "odd", 1.0), sums.shares());
    }
  }

  @Test
  void noTokenSeesALaterOne() {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Accelerator.device())) {
      var model = new Gpt(CONFIG, manager);
      Weights weights = Weights.initial(CONFIG, 1, manager);
      long[] inputs = {1, 2, 3, 4, 5, 6, 7, 8};
      long[] changed = {1, 2, 3, 4, 9, 10, 11, 12};
      float[][] losses = new float[2][];
      for (int i = 0; i < 2; i++)
        losses[i] =
            model
                .tokenLosses(
                    weights,
                    manager.create(i == 0 ? inputs : changed, new Shape(1, T)),
                    manager
                        .zeros(new Shape(1, T))
                        .toType(ai.djl.ndarray.types.DataType.INT64, false))
                .toFloatArray();
      for (int t = 0; t < 4; t++) assertEquals(losses[0][t], losses[1][t], 1e-6);
      for (int t = 4; t < T; t++) assertNotEquals(losses[0][t], losses[1][t], 1e-6f);
    }
  }

  @Test
  void chunksChangeNothingButTheLastBits() {
    int[] groups = {0, 1, 1, 0, 1};
    try (Learner whole = learner(8);
        Learner chunked = learner(2)) {
      for (int step = 0; step < 5; step++) {
        double expected = train(whole, batch(step, groups, null), 1e-2).mean();
        assertEquals(
            expected, train(chunked, batch(step, groups, null), 1e-2).mean(), 1e-4, "step " + step);
      }
    }
  }

  @Test
  void aGroupOfWeightZeroTeachesNothing() {
    try (Learner weighed = learner(4);
        Learner alone = learner(4)) {
      weighed.train(batch(0, new int[] {0, 1}, List.of(3.0, 0.0)), 1e-2);
      alone.train(batch(0, new int[] {0}, null), 1e-2);
      for (String name : List.of("parameter.token", "parameter.block1.mlp.in.weight"))
        assertArrayEquals(
            alone.state().get(name).toFloatArray(),
            weighed.state().get(name).toFloatArray(),
            1e-5f);
    }
  }

  /** (2 a + b) / 3 both ways: a row of weight 2 is a row that is there twice. */
  @Test
  void weightsAreRenormalisedOverTheTokensOfTheBatch() {
    int[] a = Peer.row(0, 5, T);
    int[] b = Peer.row(1, 6, T);
    Rows twice = Rows.parse(Bodies.body("", false, new int[][] {a, b, a}, new int[] {0, 1, 0}));
    Rows once = Rows.parse(Bodies.body("", false, new int[][] {a, b}, new int[] {0, 1}));
    for (double scale : new double[] {1, 7})
      try (Learner plain = unclipped(4);
          Learner weighed = unclipped(4)) {
        plain.train(batch(twice, null, null), 1e-2);
        weighed.train(batch(once, null, List.of(2 * scale, scale)), 1e-2);
        assertSameGradient(plain, weighed);
      }
  }

  /** After a first step, the first moments are a tenth of the gradient. */
  static void assertSameGradient(Learner expected, Learner actual) {
    expected
        .state()
        .forEach(
            (name, array) -> {
              if (!name.startsWith("moment1.")) return;
              float[] values = array.toFloatArray();
              double longest = 0;
              for (float value : values) longest = Math.max(longest, Math.abs(value));
              assertArrayEquals(
                  values,
                  actual.state().get(name).toFloatArray(),
                  (float) (1e-5 * longest + 1e-9),
                  name);
            });
  }

  /** Memory that the Java heap frees between a step's two halves must not be the step's. */
  @Test
  void garbageCollectionChangesNoBitOfAGradient() {
    Rows rows = rows(0, new int[] {0, 1, 1, 0});
    float[] expected = null;
    for (int round = 0; round < 30; round++) {
      float[] gradient = gradient(rows, round > 0);
      if (expected == null) expected = gradient;
      assertArrayEquals(expected, gradient, 0, "round " + round);
    }
  }

  private static float[] gradient(Rows rows, boolean collects) {
    Engine engine = Engine.getEngine("PyTorch");
    try (NDManager manager = engine.newBaseManager(Accelerator.device());
        var collector = engine.newGradientCollector()) {
      var model = new Gpt(CONFIG, manager);
      Weights leaves = Weights.initial(CONFIG, 3, manager).leaves(manager);
      RowChunk chunk = RowChunk.of(rows, 4).getFirst();
      NDArray loss = model.tokenLosses(leaves, chunk, manager).sum();
      if (collects) System.gc();
      var overwriting = new ArrayList<ByteBuffer>();
      for (int i = 0; i < 1_000; i++)
        overwriting.add(ByteBuffer.allocateDirect(16).putDouble(Double.NaN).putDouble(Double.NaN));
      collector.backward(loss);
      assertEquals(1_000, overwriting.size(), "kept until here");
      return leaves.get("token").getGradient().toFloatArray();
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    var runs = new ArrayList<List<Double>>();
    for (int run = 0; run < 2; run++)
      try (Learner learner = learner(3)) {
        var losses = new ArrayList<Double>();
        for (int step = 0; step < 4; step++)
          losses.add(train(learner, batch(step, new int[] {0, 1, 1, 0}, null), 1e-2).mean());
        runs.add(losses);
      }
    assertEquals(runs.get(0), runs.get(1));
  }

  @Test
  void stepsLeaveNoArraysBehind() {
    try (Learner learner = learner(2)) {
      int before = -1;
      for (int step = 0; step < 4; step++) {
        train(learner, batch(step, new int[] {0, 1, 1}, null), 1e-2);
        learner.evaluate(List.of(rows(step, new int[] {0, 1, 1})), new GroupSums(NAMES));
        if (before >= 0) assertEquals(before, learner.arrays());
        before = learner.arrays();
      }
    }
  }
}
