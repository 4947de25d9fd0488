package dev.mixwell.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.client.Rows;
import dev.mixwell.trainer.TrainSettings.CheckpointSettings;
import dev.mixwell.trainer.TrainSettings.Feeding;
import dev.mixwell.trainer.TrainSettings.ModelSize;
import dev.mixwell.trainer.TrainSettings.Recipe;
import dev.mixwell.trainer.model.GroupSums;
import dev.mixwell.trainer.model.Learner;
import dev.mixwell.trainer.model.LearnerTest;
import dev.mixwell.trainer.model.LearningRate;
import dev.mixwell.trainer.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceModelTest {
  private static final List<String> NAMES = List.of("even", "odd");
  private static final Rows ROWS = LearnerTest.rows(2, new int[] {0, 1, 1});

  @TempDir Path directory;

  /** Keeps a learner's state as a finished training would. */
  private void keep(Learner learner, long step) throws IOException {
    new Checkpoints(directory, 2)
        .save(
            new Checkpoint(
                Checkpoint.VERSION, "demo", 0, step, step, "launch", 7, learner.config(), null),
            learner.state());
  }

  private static GroupSums sums(Learner learner) {
    var sums = new GroupSums(NAMES);
    learner.evaluate(List.of(ROWS), sums);
    return sums;
  }

  @Test
  void itJudgesAsTheModelThatWasKeptAndNeverMoves() throws IOException {
    try (Learner learner = LearnerTest.learner(4)) {
      learner.train(LearnerTest.batch(ROWS, null, null), 1e-2);
      keep(learner, 1);
      var kept = sums(learner).means();
      try (var reference = new ReferenceModel(directory, LearnerTest.CONFIG, 4)) {
        for (int step = 0; step < 3; step++) {
          assertEquals(kept, reference.losses(ROWS).sums(NAMES).means(), "step " + step);
          FeedbackKind awaits = step == 1 ? FeedbackKind.ALIGNMENT : FeedbackKind.EXCESS;
          learner.train(LearnerTest.batch(ROWS, awaits, null), 1e-2);
        }
      }
      assertTrue(sums(learner).mean() < 0.99 * kept.get("even"), "the other one learns");
    }
  }

  @Test
  void aDirectoryStandsForItsNewestCheckpointAndOneCanBeNamed() throws IOException {
    try (Learner learner = LearnerTest.learner(4)) {
      double[] means = new double[2];
      for (int i = 0; i < 2; i++) {
        keep(learner, i + 1);
        means[i] = sums(learner).mean();
        learner.train(LearnerTest.batch(ROWS, null, null), 1e-2);
      }
      assertEquals(means[1], mean(directory));
      assertEquals(means[0], mean(directory.resolve("step-1")));
    }
  }

  private static double mean(Path path) throws IOException {
    try (var reference = new ReferenceModel(path, LearnerTest.CONFIG, 4)) {
      return reference.losses(ROWS).sums(NAMES).mean();
    }
  }

  @Test
  void anotherShapeNothingAndDamageAreRefusedWithTheReason() throws IOException {
    assertRefused(LearnerTest.CONFIG, "holds no checkpoint");
    try (Learner learner = LearnerTest.learner(4)) {
      keep(learner, 1);
    }
    var wider = new ModelConfig(LearnerTest.CONFIG.vocabulary(), 8, 2, 32, 2, true);
    assertRefused(wider, "width=16");
    Path file = directory.resolve("step-1/tensors.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 3] ^= 4; // of a moment, which is not even read
    Files.write(file, bytes);
    assertRefused(LearnerTest.CONFIG, "damaged");
  }

  private void assertRefused(ModelConfig config, String why) {
    var refused = assertThrows(IOException.class, () -> new ReferenceModel(directory, config, 4));
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }

  @Test
  void aTrainingIsNotItsOwnReference() {
    for (String own : List.of("kept", "kept/step-4", "x/../kept"))
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new TrainSettings(
                  9,
                  new ModelSize(1, 8, 1, true),
                  new Recipe(
                      LearnerTest.SETTINGS,
                      new LearningRate(1, LearningRate.Schedule.CONSTANT, 0, 9),
                      1),
                  new Feeding(0, 1),
                  false,
                  new CheckpointSettings(Path.of("kept"), 1, 1),
                  Path.of(own)),
          own);
  }
}
